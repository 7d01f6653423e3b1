(* One processor without threads: the runtime knows, and a second domain is
 * refused with an exception.
 *
 * @reject FAIL
 * @expect recommended 1
 * @expect refused: yes
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let () =
  Printf.printf "recommended %d\n" (Domain.recommended_domain_count ());
  check "main" (Domain.is_main_domain () && (Domain.self () :> int) = 0);
  for i = 1 to 3 do
    match Domain.spawn (fun () -> ()) with
    | exception (Failure _ | Sys_error _) -> if i = 1 then print_endline "refused: yes"
    | _ -> print_endline "FAIL: a domain was spawned"
  done;
  let key = Domain.DLS.new_key (fun () -> 42) in
  check "domain-local" (Domain.DLS.get key = 42);
  Domain.DLS.set key 43;
  Gc.full_major ();
  check "domain-local again" (Domain.DLS.get key = 43);
  Domain.cpu_relax ();
  let counter = Atomic.make 0 in
  for _ = 1 to 1000 do
    Atomic.incr counter
  done;
  check "atomic" (Atomic.compare_and_set counter 1000 1 && Atomic.exchange counter 2 = 1);
  print_endline "ok"
