(* The addresses that the runtime reserves for minor heaps: for as many domains as the user
 * asks for, whatever memory there is; and a minor heap too long for memory ends the
 * program with the runtime's own message.
 *
 * @mem 64
 * @reject FAIL
 * @case two
 * @cmdline OCAMLRUNPARAM=d=2
 * @expect minor heap 262144
 * @expect grown 1048576
 * @expect ok
 * @case most
 * @cmdline OCAMLRUNPARAM=d=128
 * @expect minor heap 262144
 * @expect ok
 * @case long
 * @cmdline long
 * @status 255
 * @expect minor heap 262144
 * @expect No memory for minor heap
 * @reject grown
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name
let minor () = (Gc.get ()).Gc.minor_heap_size

type tree = Leaf | Node of tree * tree

let rec build depth = if depth = 0 then Leaf else Node (build (depth - 1), build (depth - 1))
let rec size = function Leaf -> 0 | Node (a, b) -> 1 + size a + size b
let work () = check "a tree" (size (Sys.opaque_identity (build 16)) = (1 lsl 16) - 1)

let () =
  Printf.printf "minor heap %d\n%!" (minor ());
  work ();
  let words =
    if Array.length Sys.argv > 1 then 8 lsl 20
    else if Sys.getenv "OCAMLRUNPARAM" = "d=2" then 1 lsl 20
    else minor ()
  in
  for _ = 1 to 3 do
    Gc.set { (Gc.get ()) with Gc.minor_heap_size = words };
    work ();
    if words > 1 lsl 18 then Printf.printf "grown %d\n%!" (minor ());
    Gc.set { (Gc.get ()) with Gc.minor_heap_size = 1 lsl 15 };
    work ()
  done;
  print_endline "ok"
