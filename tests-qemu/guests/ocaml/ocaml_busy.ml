(* A loop that neither allocates nor calls anything does not keep the processor where the machine
 * ticks: threads of its own domain run, other domains do, and time passes for those who sleep.
 *
 * @libraries unix threads
 * @machines virtio virtio-smp virtio-kvm xen
 * @mem 256
 * @timeout 60
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

(* What the loop looks at; it reads memory and nothing else. *)
let stop = Atomic.make false
let turns = Array.init 4 (fun _ -> Atomic.make 0)

let busy me =
  while not (Atomic.get stop) do
    Atomic.incr turns.(me)
  done

let finish wait =
  let waiter = wait () in
  busy 0;
  waiter ()

let () =
  (* A thread of the same domain ends it. *)
  finish (fun () ->
      let t = Thread.create (fun () -> Thread.delay 0.05; Atomic.set stop true) () in
      fun () -> Thread.join t);
  check "thread" (Atomic.get turns.(0) > 0);
  (* Another domain does. *)
  Atomic.set stop false;
  finish (fun () ->
      let d = Domain.spawn (fun () -> Unix.sleepf 0.05; Atomic.set stop true) in
      fun () -> Domain.join d);
  (* Four that are busy at the same time all get on, and nobody's sleep is much too long. *)
  Atomic.set stop false;
  Array.iter (fun turn -> Atomic.set turn 0) turns;
  let domains = List.init 3 (fun i -> Domain.spawn (fun () -> busy (i + 1))) in
  let sleeper =
    Thread.create
      (fun () ->
        for _ = 1 to 10 do
          let before = Unix.gettimeofday () in
          Thread.delay 0.01;
          let slept = Unix.gettimeofday () -. before in
          check (Printf.sprintf "slept %f" slept) (slept >= 0.01 && slept < 5.)
        done;
        Atomic.set stop true)
      ()
  in
  busy 0;
  Thread.join sleeper;
  List.iter Domain.join domains;
  Array.iteri
    (fun i turn -> check (Printf.sprintf "%d got on" i) (Atomic.get turn > 0))
    turns;
  print_endline "ok"
