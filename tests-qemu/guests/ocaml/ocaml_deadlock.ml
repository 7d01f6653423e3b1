(* Waiting for what nobody can ever do ends with a report, not with silence.
 *
 * @status 255
 * @reject FAIL
 * @expect waiting
 * @expect nolibc:
 *)

let () =
  print_endline "waiting";
  let mutex = Mutex.create () in
  Mutex.lock mutex;
  Condition.wait (Condition.create ()) mutex;
  print_endline "FAIL: woken"
