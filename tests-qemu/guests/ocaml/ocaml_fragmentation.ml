(* Memory does not fragment: Bigarrays of 1 KiB to 1 MiB, log-uniform, come and
 * go at random while a share of all memory stays in use.
 *
 * Arguments: percent of 64 MiB that is held, how many are created, and `collect`
 * for a full major collection before each that could not be had without.
 * `-- 60 10000000` is the long form of the first case.
 *
 * @mem 64
 * @timeout 60
 * @reject Out_of_memory
 *
 * @case held-60
 * @cmdline -- 60 5000
 * @expect 5000 created, 60 % held
 * @expect room again
 *
 * @case held-75
 * @machines hvt virtio virtio-smp xen
 * @cmdline -- 75 500 collect
 * @expect 500 created, 75 % held
 * @expect room again
 *)

open Bigarray

let memory = 64 lsl 20
let percent = int_of_string Sys.argv.(1)
let count = int_of_string Sys.argv.(2)
let collect = Array.length Sys.argv > 3 && Sys.argv.(3) = "collect"
let bound = memory / 100 * percent

(* xorshift *)
let state = ref 0x12345678

let random () =
  let word = 0x3fffffffffffff in
  state := !state lxor ((!state lsl 13) land word);
  state := !state lxor (!state lsr 7);
  state := !state lxor ((!state lsl 17) land word);
  !state lsr 3

let size () =
  int_of_float (2. ** (10. +. (10. *. float (random () land 0xfffff) /. 1048576.)))

let empty = Array1.create char c_layout 0
let held = Array.make 65536 empty
let number = ref 0
let bytes = ref 0

let drop () =
  let at = random () mod !number in
  bytes := !bytes - Array1.dim held.(at);
  decr number;
  held.(at) <- held.(!number);
  held.(!number) <- empty

let create size =
  let made = Array1.create char c_layout size in
  made.{0} <- 'x';
  made.{size - 1} <- 'x';
  held.(!number) <- made;
  bytes := !bytes + size;
  incr number

let () =
  for _ = 1 to count do
    let size = size () in
    while !bytes + size > bound do
      drop ()
    done;
    if collect && !bytes + (1 lsl 20) > bound then Gc.full_major ();
    create size
  done;
  Printf.printf "%d created, %d %% held\n%!" count percent;
  while !number > 0 do
    drop ()
  done;
  Gc.compact ();
  (* One piece of more than half of memory. *)
  create (memory * 11 / 20);
  print_endline "room again"
