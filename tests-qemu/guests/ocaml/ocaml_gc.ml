(* The garbage collector under stress: survival, weak pointers, ephemerons,
 * finalisers, large blocks, compaction, and figures that add up.
 *
 * @mem 96
 * @timeout 60
 * @reject FAIL
 * @expect trees 2621280
 * @expect weak and finalised
 * @expect large blocks
 * @expect compacted
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

type tree = Leaf | Node of tree * tree

let rec build depth = if depth = 0 then Leaf else Node (build (depth - 1), build (depth - 1))
let rec size = function Leaf -> 0 | Node (a, b) -> 1 + size a + size b

let trees () =
  let long_lived = build 17 in
  let total = ref 0 in
  for _ = 1 to 160 do
    total := !total + size (build 14)
  done;
  check "long-lived tree" (size long_lived = (1 lsl 17) - 1);
  Printf.printf "trees %d\n%!" !total

let weak () =
  let finalised = ref 0 in
  let weak = Weak.create 1000 in
  let kept = Array.init 1000 (fun i ->
      let block = ref i in
      Gc.finalise (fun _ -> incr finalised) block;
      Weak.set weak i (Some block);
      block)
  in
  let key = ref 1 in
  let ephemeron = Ephemeron.K1.make key (ref 2) in
  Gc.full_major ();
  check "weak kept" (Weak.check weak 999 && !(kept.(999)) = 999);
  check "ephemeron kept" (Ephemeron.K1.query ephemeron key <> None);
  Array.iteri (fun i _ -> if i land 1 = 0 then kept.(i) <- kept.(1)) kept;
  Gc.full_major ();
  Gc.full_major ();
  let alive = ref 0 in
  for i = 0 to 999 do
    if Weak.check weak i then incr alive
  done;
  check "weak dropped" (!alive = 500);
  check "finalised" (!finalised = 500);
  check "still kept" (!((Sys.opaque_identity kept).(999)) = 999 && !(Sys.opaque_identity key) = 1);
  print_endline "weak and finalised"

let large () =
  (* One at a time they fit many times over; they must be given back. *)
  for i = 1 to 200 do
    let block = Bytes.make (8 lsl 20) (Char.chr (i land 255)) in
    check "large block" (Bytes.get block ((8 lsl 20) - 1) = Char.chr (i land 255))
  done;
  print_endline "large blocks"

let words () = (Gc.quick_stat ()).Gc.heap_words

let compaction () =
  let table = Hashtbl.create 16 in
  for i = 0 to 199_999 do
    Hashtbl.replace table i (String.make (i mod 50) 'x')
  done;
  let full = words () in
  for i = 0 to 199_999 do
    if i mod 100 <> 0 then Hashtbl.remove table i
  done;
  Hashtbl.reset (Hashtbl.copy table);
  let kept = Hashtbl.fold (fun i s n -> n + i + String.length s) table 0 in
  Gc.compact ();
  let small = words () in
  check (Printf.sprintf "compaction %d -> %d words" full small) (small < full / 2);
  let still = Hashtbl.fold (fun i s n -> n + i + String.length s) table 0 in
  check "kept over compaction" (kept = still);
  print_endline "compacted"

let figures () =
  let a = Gc.stat () in
  check "live <= heap" (a.Gc.live_words <= a.Gc.heap_words);
  check "blocks" (a.Gc.live_blocks > 0 && a.Gc.compactions > 0);
  let before = Gc.minor_words () in
  ignore (Sys.opaque_identity (List.init 1000 (fun i -> i)));
  check "minor words" (Gc.minor_words () > before);
  let parameters = Gc.get () in
  Gc.set { parameters with Gc.minor_heap_size = 65536; space_overhead = 200 };
  check "set" ((Gc.get ()).Gc.minor_heap_size = 65536);
  ignore (Sys.opaque_identity (size (build 16)));
  Gc.set parameters

let () =
  trees ();
  weak ();
  large ();
  compaction ();
  figures ();
  print_endline "ok"
