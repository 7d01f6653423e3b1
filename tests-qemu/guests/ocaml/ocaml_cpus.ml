(* As many domains as the machine has processors run at the same time: they take turns with each
 * other without ever letting go of a processor.
 *
 * @machines virtio virtio-smp virtio-kvm xen
 * @mem 128
 * @expect ok
 *)

let processors = Domain.recommended_domain_count ()

(* Each waits for its turn, and calls nothing meanwhile. *)
let rounds = if processors = 1 then 2 else 20_000

let () =
  let turn = Atomic.make 0 in
  let play me =
    for round = 0 to rounds - 1 do
      let mine = (round * processors) + me in
      while Atomic.get turn <> mine do
        ()
      done;
      Atomic.set turn (mine + 1)
    done
  in
  let others = Array.init (processors - 1) (fun i -> Domain.spawn (fun () -> play (i + 1))) in
  play 0;
  Array.iter Domain.join others;
  if Atomic.get turn = rounds * processors then
    Printf.printf "%d processors: ok\n" processors
