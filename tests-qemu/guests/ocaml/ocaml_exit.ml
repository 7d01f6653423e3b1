(* How a program can end, and what the host sees of it.
 *
 * @expect begin
 * @case seven
 * @cmdline -- seven
 * @status 7
 * @expect first in, last out
 * @expect first registered
 * @case normal
 * @cmdline -- normal
 * @expect first in, last out
 * @expect first registered
 * @case uncaught
 * @cmdline -- uncaught
 * @status 2
 * @expect first in, last out
 * @expect first registered
 * @expect Fatal error: exception Failure("nobody catches this")
 * @case nested
 * @cmdline -- nested
 * @status 9
 * @expect first in, last out
 * @expect first registered
 * @case raising
 * @cmdline -- raising
 * @status 2
 * @expect first registered
 * @expect Fatal error: exception Stdlib.Exit
 * @case wide
 * @cmdline -- wide
 * @status 1
 * @expect first registered
 *)

let () =
  at_exit (fun () -> print_endline "first registered");
  print_endline "begin";
  let last () = at_exit (fun () -> print_string "first in, last out\n") in
  match Sys.argv.(1) with
  | "seven" -> last (); exit 7
  | "normal" -> last ()
  | "uncaught" -> last (); failwith "nobody catches this"
  | "nested" ->
    (* exit inside an exit function: the rest still runs, the new status counts. *)
    last ();
    at_exit (fun () -> exit 9);
    exit 3
  | "raising" -> at_exit (fun () -> raise Exit)
  (* As under every system, the status is its low eight bits. *)
  | "wide" -> exit 0x101
  | other -> failwith other
