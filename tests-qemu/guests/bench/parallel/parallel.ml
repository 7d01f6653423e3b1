(* The same work by one domain and by two, and the processor time that two take for each second:
 * more than one only if both processors run OCaml. *)

let rec queens n row columns left right =
  if row = n then 1
  else begin
    let free = ref (lnot (columns lor left lor right) land ((1 lsl n) - 1)) in
    let count = ref 0 in
    while !free <> 0 do
      let bit = !free land - !free in
      free := !free lxor bit;
      count :=
        !count + queens n (row + 1) (columns lor bit) ((left lor bit) lsl 1) ((right lor bit) lsr 1)
    done;
    !count
  end

type tree = Leaf | Node of tree * tree

let rec make depth = if depth = 0 then Leaf else Node (make (depth - 1), make (depth - 1))
let rec count = function Leaf -> 1 | Node (left, right) -> 1 + count left + count right

let trees n =
  let sum = ref 0 in
  for _ = 1 to n do
    sum := !sum + count (make 13)
  done;
  !sum

let sort seed n =
  let state = Random.State.make [| seed |] in
  let list = List.sort compare (List.init n (fun _ -> Random.State.bits state)) in
  List.fold_left (fun sum x -> ((sum * 31) + x) land 0xffffff) 0 list

let strings n =
  let table = Hashtbl.create 16 in
  for i = 1 to n do
    Hashtbl.replace table (string_of_int (i land 1023)) (String.make (i land 255) 'x')
  done;
  Hashtbl.fold (fun _ s sum -> sum + String.length s) table 0

let floats n =
  let sum = ref 0. in
  for i = 1 to n do
    sum := !sum +. (sin (float_of_int i) *. 1e-3)
  done;
  int_of_float (!sum *. 1e6)

let works =
  [
    ("queens", fun _ -> queens 11 0 0 0 0 + queens 11 0 0 0 0 + queens 11 0 0 0 0);
    ("floats", fun _ -> floats 300_000);
    ("trees", fun _ -> trees 50);
    ("sort", fun part -> sort part 60_000);
    ("strings", fun _ -> strings 100_000);
  ]

let parts = 8

(* Seconds, and seconds of processor time. *)
let timed work =
  let start = Unix.gettimeofday () and processor = Sys.time () in
  let result = work () in
  (result, Unix.gettimeofday () -. start, Sys.time () -. processor)

let measure (name, work) =
  let all, one, _ = timed (fun () -> Array.init parts work) in
  let both () =
    let half = parts / 2 in
    let other = Domain.spawn (fun () -> Array.init half (fun part -> work (half + part))) in
    let mine = Array.init half work in
    Array.append mine (Domain.join other)
  in
  let halves, two, processor = timed both in
  if all <> halves then failwith name;
  Printf.printf "BENCH %s one=%.6f two=%.6f used=%.6f\n%!" name one two processor

let () =
  (* Processors that start do so now. *)
  Domain.join (Domain.spawn ignore);
  Gc.full_major ();
  List.iter measure works
