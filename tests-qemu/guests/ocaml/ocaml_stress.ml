(* Everything at the same time, at random: domains that come and go, threads in them,
 * allocation of all kinds, collections, exceptions, effects, finalisers. (No weak pointers: with
 * several domains OCaml 5.4.1 itself crashes then, on Linux too.) For two seconds, or until SIGTERM; a first argument is another number of seconds:
 *
 *     cargo xtask run --smp 2 --mem 512 -l unix -l threads tests-qemu/guests/ocaml/ocaml_stress.ml -- 1800
 *
 * On Xen the domain becomes another one in the middle of it.
 *
 * @libraries unix threads
 * @timeout 120
 * @reject FAIL
 * @case usual
 * @mem 512
 * @expect spawned
 * @expect ok
 * @case moved
 * @machines xen-domain
 * @mem 96
 * @xl vcpus = 2
 * @cmdline OCAMLRUNPARAM=d=16 -- 600
 * @dom0 until xl domid guest >/dev/null 2>&1; do sleep 0.1; done; sleep 1
 * @dom0 xenstore-write /local/domain/$(xl domid guest)/data/started 1; saved migrate; xl shutdown guest >/dev/null
 * @expect dom0: migrate
 * @reject the same domain
 * @expect spawned
 * @expect ok
 *)

let seconds = if Array.length Sys.argv > 1 then float_of_string Sys.argv.(1) else 2.
let until = Unix.gettimeofday () +. seconds
let asked = ref false
let () = Sys.set_signal Sys.sigterm (Sys.Signal_handle (fun _ -> asked := true))
let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name
let spawned = Atomic.make 0
let threads = Atomic.make 0
let finalised = Atomic.make 0
let made = Atomic.make 0

type t = Tree of t list

let rec build depth = if depth = 0 then Tree [] else Tree [ build (depth - 1); build (depth - 1) ]
let rec leaves (Tree list) = if list = [] then 1 else List.fold_left (fun n t -> n + leaves t) 0 list

type _ Effect.t += Next : int Effect.t

let effects n =
  let open Effect.Deep in
  let sum =
    match_with
      (fun () -> List.fold_left (fun sum _ -> sum + Effect.perform Next) 0 (List.init n Fun.id))
      ()
      { retc = Fun.id; exnc = raise;
        effc = (fun (type a) (e : a Effect.t) ->
          match e with
          | Next -> Some (fun (k : (a, _) continuation) -> continue k 3)
          | _ -> None) }
  in
  check "effects" (sum = 3 * n)

let rec raise_deep n = if n = 0 then raise Exit else 1 + raise_deep (n - 1)

(* Shared by all: a table behind a lock, whose entries must stay what they are. *)
let table = Hashtbl.create 16
let lock = Mutex.create ()

let share random =
  let key = Random.State.int random 64 in
  Mutex.protect lock @@ fun () ->
  (match Hashtbl.find_opt table key with
   | Some text -> check "table" (text = String.make (1000 + key) (Char.chr (65 + (key mod 26))))
   | None -> ());
  if Random.State.bool random then
    Hashtbl.replace table key (String.make (1000 + key) (Char.chr (65 + (key mod 26))))
  else Hashtbl.remove table key

let step random =
  match Random.State.int random 10 with
  | 0 ->
    let depth = 1 + Random.State.int random 12 in
    check "tree" (leaves (build depth) = 1 lsl depth)
  | 1 ->
    let bytes = Bytes.make (1 + Random.State.int random 100_000) 'x' in
    check "bytes" (Bytes.for_all (fun c -> c = 'x') bytes)
  | 2 ->
    let big = Bigarray.(Array1.create float64 c_layout (1 + Random.State.int random 20_000)) in
    Bigarray.Array1.fill big 1.5;
    check "bigarray" (big.{Bigarray.Array1.dim big - 1} = 1.5)
  | 3 -> effects (Random.State.int random 300)
  | 4 -> check "exception" (match raise_deep (Random.State.int random 1000) with exception Exit -> true | _ -> false)
  | 5 ->
    let block = ref (Array.make 100 0) in
    Atomic.incr made;
    Gc.finalise (fun _ -> Atomic.incr finalised) block;
    if Random.State.int random 4 = 0 then Gc.minor ();
    ignore (Sys.opaque_identity block)
  | 6 -> (match Random.State.int random 40 with 0 -> Gc.full_major () | 1 -> Gc.compact () | _ -> Gc.minor ())
  | 7 -> Thread.yield ()
  | 8 -> Domain.cpu_relax ()
  | _ -> share random

let work seed steps =
  let random = Random.State.make [| seed |] in
  for _ = 1 to steps do step random done

let with_threads seed =
  let random = Random.State.make [| seed |] in
  let list =
    List.init (Random.State.int random 3) (fun i ->
        Atomic.incr threads;
        Thread.create (fun () -> work (seed + i) 20) ())
  in
  work seed (10 + Random.State.int random 60);
  List.iter Thread.join list

let () =
  let random = Random.State.make [| 1 |] in
  let seed = ref 0 in
  let running = ref [] in
  while (not !asked) && Unix.gettimeofday () < until do
    incr seed;
    let seed = !seed in
    if List.length !running < 4 && Random.State.int random 3 > 0 then (
      Atomic.incr spawned;
      running := Domain.spawn (fun () -> with_threads (1000 * seed)) :: !running)
    else if Random.State.int random 4 = 0 then work seed 5
    else
      match !running with
      | domain :: rest -> Domain.join domain; running := rest
      | [] -> ()
  done;
  List.iter Domain.join !running;
  Gc.full_major ();
  Gc.full_major ();
  check "finalisers" (Atomic.get finalised > 0 && Atomic.get finalised <= Atomic.get made);
  Printf.printf "%d domains spawned, %d threads, %d finalised\n" (Atomic.get spawned)
    (Atomic.get threads) (Atomic.get finalised);
  print_endline "ok"
