(* Stack_overflow is an exception: in the main fiber, inside an effect handler,
 * and again after it was caught. Deep recursion that fits is no error.
 *
 * @mem 64
 * @reject FAIL
 * @expect depth 100000
 * @expect main fiber
 * @expect inside a handler
 * @expect again
 * @expect in C: compare
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let[@inline never] rec deep n = if n = 0 then 0 else 1 + deep (n - 1)
let[@inline never] rec endless n = 1 + endless (n + 1)

let overflows () =
  match endless (Sys.opaque_identity 0) with
  | exception Stack_overflow -> true
  | _ -> false

type list = Nil | Cons of list

let () =
  Printf.printf "depth %d\n%!" (deep 100_000);
  check "main" (overflows ());
  print_endline "main fiber";
  let inside () =
    Effect.Deep.try_with (fun () -> deep 100_000 = 100_000 && overflows ()) ()
      { effc = (fun _ -> None) }
  in
  check "handler" (inside ());
  print_endline "inside a handler";
  for _ = 1 to 10 do
    check "again" (overflows () && inside ())
  done;
  print_endline "again";
  (* The runtime's own recursions have stacks of their own. *)
  let rec build n l = if n = 0 then l else build (n - 1) (Cons l) in
  let a = build 300_000 Nil and b = build 300_000 Nil in
  check "compare" (a = b && Hashtbl.hash a = Hashtbl.hash b);
  print_endline "in C: compare";
  Gc.full_major ();
  print_endline "ok"
