(* The threads library links and starts; threads themselves are refused with an
 * exception until there are any.
 *
 * @libraries unix threads
 * @reject FAIL
 * @expect refused: Sys_error("Thread.create: Resource temporarily unavailable")
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let () =
  check "self" (Thread.id (Thread.self ()) = 0);
  for i = 1 to 3 do
    match Thread.create (fun () -> print_endline "FAIL: a thread ran") () with
    | exception e -> if i = 1 then Printf.printf "refused: %s\n%!" (Printexc.to_string e)
    | _ -> print_endline "FAIL: a thread was made"
  done;
  Thread.yield ();
  let start = Unix.gettimeofday () in
  Thread.delay 0.05;
  let slept = Unix.gettimeofday () -. start in
  check (Printf.sprintf "delay %f" slept) (slept >= 0.05 && slept < 5.);
  let mutex = Mutex.create () in
  Mutex.protect mutex Gc.full_major;
  at_exit (fun () -> print_endline "ok")
