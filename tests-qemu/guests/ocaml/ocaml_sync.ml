(* Mutexes lock and say when they are misused; conditions and semaphores do what
 * one thread can ask of them.
 *
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name
let refused f = match f () with exception Sys_error _ -> true | _ -> false

let () =
  let mutex = Mutex.create () in
  Mutex.lock mutex;
  check "try_lock while held" (not (Mutex.try_lock mutex));
  check "lock while held" (refused (fun () -> Mutex.lock mutex));
  Mutex.unlock mutex;
  check "unlock while free" (refused (fun () -> Mutex.unlock mutex));
  check "try_lock while free" (Mutex.try_lock mutex);
  Mutex.unlock mutex;
  check "protect" (Mutex.protect mutex (fun () -> not (Mutex.try_lock mutex)));
  check "protect unlocks"
    (match Mutex.protect mutex (fun () -> raise Exit) with
     | exception Exit -> Mutex.try_lock mutex
     | () -> false);
  Mutex.unlock mutex;
  let condition = Condition.create () in
  Condition.signal condition;
  Condition.broadcast condition;
  let semaphore = Semaphore.Counting.make 2 in
  Semaphore.Counting.acquire semaphore;
  Semaphore.Counting.acquire semaphore;
  check "semaphore" (not (Semaphore.Counting.try_acquire semaphore));
  Semaphore.Counting.release semaphore;
  check "semaphore value" (Semaphore.Counting.get_value semaphore = 1);
  let mutexes = Array.init 10_000 (fun _ -> Mutex.create ()) in
  Array.iter Mutex.lock mutexes;
  Gc.full_major ();
  Array.iter Mutex.unlock mutexes;
  print_endline "ok"
