(* Threads: they start, take turns, wait, wake, sleep, raise and end.
 *
 * @libraries unix threads
 * @timeout 60
 * @reject FAIL
 * @expect uncaught: Thread Failure("boo")
 * @expect 3000 threads
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let all count body =
  List.iter Thread.join (List.init count (fun i -> Thread.create body i))

let exclusion () =
  let mutex = Mutex.create () and total = ref 0 in
  all 10 (fun _ ->
      for _ = 1 to 500 do
        Mutex.lock mutex;
        let before = !total in
        Thread.yield ();
        total := before + 1;
        Mutex.unlock mutex
      done);
  check "exclusion" (!total = 5000)

(* A bounded buffer, and what comes out of it is what went in. *)
let producers_and_consumers () =
  let mutex = Mutex.create () and not_full = Condition.create () in
  let not_empty = Condition.create () and queue = Queue.create () in
  let sum = Atomic.make 0 in
  all 8 (fun i ->
      for n = 1 to 500 do
        Mutex.protect mutex @@ fun () ->
        if i mod 2 = 0 then (
          while Queue.length queue >= 3 do
            Condition.wait not_full mutex
          done;
          Queue.push n queue;
          Condition.signal not_empty)
        else (
          while Queue.is_empty queue do
            Condition.wait not_empty mutex
          done;
          ignore (Atomic.fetch_and_add sum (Queue.pop queue));
          Condition.signal not_full)
      done);
  check "producers and consumers" (Atomic.get sum = 4 * 500 * 501 / 2)

let readers_and_writers () =
  let mutex = Mutex.create () and changed = Condition.create () in
  let readers = ref 0 and writing = ref false and value = ref 0 and most = ref 0 in
  let wait_until good =
    while not (good ()) do
      Condition.wait changed mutex
    done
  in
  let locked body = Mutex.protect mutex body in
  all 8 (fun i ->
      for n = 1 to 50 do
        if (i + n) mod 4 = 0 then (
          locked (fun () ->
              wait_until (fun () -> !readers = 0 && not !writing);
              writing := true);
          let before = !value in
          Thread.yield ();
          value := before + 1;
          locked (fun () ->
              writing := false;
              Condition.broadcast changed))
        else (
          locked (fun () ->
              wait_until (fun () -> not !writing);
              incr readers;
              most := max !most !readers);
          let before = !value in
          Thread.yield ();
          check "nobody writes while I read" (!value = before);
          locked (fun () ->
              decr readers;
              Condition.broadcast changed))
      done);
  check "readers and writers" (!value = 100 && !most > 1)

let semaphores () =
  let permits = Semaphore.Counting.make 3 in
  let inside = Atomic.make 0 and most = Atomic.make 0 in
  all 10 (fun _ ->
      for _ = 1 to 50 do
        Semaphore.Counting.acquire permits;
        let now = Atomic.fetch_and_add inside 1 + 1 in
        if now > Atomic.get most then Atomic.set most now;
        Thread.yield ();
        Atomic.decr inside;
        Semaphore.Counting.release permits
      done);
  check "semaphores" (Atomic.get most = 3)

(* The sieve of Eratosthenes, one thread for each prime. *)
let events () =
  let open Event in
  let numbers = new_channel () and primes = new_channel () in
  ignore (Thread.create (fun () -> let rec go n = sync (send numbers n); go (n + 1) in go 2) ());
  let rec sieve input =
    let prime = sync (receive input) in
    sync (send primes prime);
    let output = new_channel () in
    let rec filter () =
      let n = sync (receive input) in
      if n mod prime <> 0 then sync (send output n);
      filter ()
    in
    ignore (Thread.create filter ());
    sieve output
  in
  ignore (Thread.create sieve numbers);
  let found = List.init 20 (fun _ -> sync (receive primes)) in
  check "events" (List.nth found 19 = 71);
  let one = new_channel () and other = new_channel () in
  ignore (Thread.create (fun () -> sync (send other 2)) ());
  check "choose" (select [ receive one; wrap (receive other) (fun n -> n * 10) ] = 20);
  check "poll" (poll (receive one) = None)

let delays () =
  let late = Atomic.make 0. in
  let start = Unix.gettimeofday () in
  all 20 (fun i ->
      let wanted = 0.001 *. float (20 - i) in
      let before = Unix.gettimeofday () in
      Thread.delay wanted;
      let slept = Unix.gettimeofday () -. before in
      check (Printf.sprintf "slept %f, not %f" slept wanted) (slept >= wanted);
      Atomic.set late (Float.max (Atomic.get late) (slept -. wanted)));
  let all = Unix.gettimeofday () -. start in
  check (Printf.sprintf "delays at the same time: %f" all) (all < 1.);
  check (Printf.sprintf "no delay too long: %f" (Atomic.get late)) (Atomic.get late < 0.5)

(* A thread that only allocates does not keep the others from running. *)
let busy () =
  let stop = ref false and slept = ref false in
  let sleeper =
    Thread.create (fun () -> Thread.delay 0.02; slept := true; stop := true) ()
  in
  let kept = ref [] and count = ref 0 in
  while not !stop do
    incr count;
    kept := [ !count ] :: (if !count mod 1000 = 0 then [] else !kept)
  done;
  Thread.join sleeper;
  check "busy" !slept

let exceptions () =
  let channel_out = stdout in
  Thread.set_uncaught_exception_handler (fun e ->
      Printf.fprintf channel_out "uncaught: Thread %s\n%!" (Printexc.to_string e));
  Thread.join (Thread.create (fun () -> failwith "boo") ());
  let seen = ref 0 in
  all 5 (fun i -> try raise Exit with Exit -> seen := !seen + i);
  check "exceptions" (!seen = 10);
  Thread.join (Thread.create (fun () -> raise Thread.Exit) ())

let signals () =
  let got = ref 0 in
  Sys.set_signal Sys.sigalrm (Sys.Signal_handle (fun _ -> incr got));
  ignore (Unix.setitimer Unix.ITIMER_REAL { it_value = 0.01; it_interval = 0.01 });
  let worker = Thread.create (fun () -> Thread.delay 0.1) () in
  while !got < 3 do
    ignore (Sys.opaque_identity (ref 0))
  done;
  ignore (Unix.setitimer Unix.ITIMER_REAL { it_value = 0.; it_interval = 0. });
  Thread.join worker;
  Sys.set_signal Sys.sigalrm Sys.Signal_default;
  check "signals" (!got >= 3)

let pipes () =
  let input, output = Unix.pipe () in
  let sent = String.init 200_000 (fun i -> Char.chr (i land 255)) in
  let writer =
    Thread.create
      (fun () ->
        ignore (Unix.write_substring output sent 0 (String.length sent));
        Unix.close output)
      ()
  in
  let got = In_channel.input_all (Unix.in_channel_of_descr input) in
  Thread.join writer;
  check "pipes" (got = sent)

let many () =
  let done_ = Atomic.make 0 in
  for _ = 1 to 30 do
    all 100 (fun _ -> Atomic.incr done_)
  done;
  Printf.printf "%d threads\n%!" (Atomic.get done_)

let () =
  check "self" (Thread.id (Thread.self ()) = 0);
  exclusion ();
  producers_and_consumers ();
  readers_and_writers ();
  semaphores ();
  events ();
  delays ();
  busy ();
  exceptions ();
  signals ();
  pipes ();
  many ();
  Gc.full_major ();
  at_exit (fun () -> print_endline "ok")
