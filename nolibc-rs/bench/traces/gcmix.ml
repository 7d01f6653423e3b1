(* What the collector asks of malloc and mmap when the heap grows, shrinks and is compacted:
   trees, large strings, weak tables, ephemerons, finalised Bigarrays. *)
module W = Weak.Make (struct
  type t = string

  let equal = String.equal
  let hash = Hashtbl.hash
end)

module E = Ephemeron.K1.Make (struct
  type t = string

  let equal = String.equal
  let hash = Hashtbl.hash
end)

type tree = Leaf | Node of tree * int * tree

let rec make depth = if depth = 0 then Leaf else Node (make (depth - 1), depth, make (depth - 1))
let rec sum = function Leaf -> 0 | Node (l, n, r) -> sum l + n + sum r

let () =
  let weak = W.create 16 and ephemerons = E.create 16 in
  let strings = Array.make 300 "" in
  let trees = Array.make 12 Leaf in
  let arrays = Array.make 100 (Bigarray.Array1.create Bigarray.char Bigarray.c_layout 1) in
  let state = ref 7 in
  let random below =
    state := ((!state * 1103515245) + 12345) land 0x3fffffff;
    (!state lsr 8) mod below
  in
  let total = ref 0 in
  for turn = 1 to 20_000 do
    let slot = random 300 in
    strings.(slot) <- String.make (256 + random (1 lsl (6 + random 11))) 'z';
    if turn mod 4 = 0 then begin
      let key = string_of_int (random 4000) in
      W.add weak key;
      E.replace ephemerons key (String.make (random 2000) 'e')
    end;
    if turn mod 3 = 0 then
      arrays.(random 100) <-
        Bigarray.Array1.create Bigarray.char Bigarray.c_layout (64 lsl random 11);
    if turn mod 100 = 0 then begin
      let at = random 12 in
      trees.(at) <- make (8 + random 7);
      total := !total + sum trees.((at + 1) mod 12)
    end;
    if turn mod 5000 = 0 then Gc.compact ()
  done;
  Printf.printf "%d %d\n" !total (W.count weak)
