(* Marshal: sharing, cycles, closures, big and deep values, and bad input.
 *
 * @mem 96
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name
let copy value flags = Marshal.from_string (Marshal.to_string value flags) 0

type cycle = { mutable next : cycle; value : float }

let () =
  let value = ([ 1; -1; max_int; min_int ], "text", 'c', [| 1.5; nan; infinity |], Some 3L) in
  check "values" (compare value (copy value []) = 0);
  let shared = ref 1 in
  let (a : int ref), (b : int ref) = copy (shared, shared) [] in
  check "sharing" (a == b);
  let (a : int ref), (b : int ref) = copy (shared, shared) [ Marshal.No_sharing ] in
  check "no sharing" (a != b && !a = !b);
  let rec cycle = { next = cycle; value = 0.1 } in
  let cycle' = copy cycle [] in
  check "cycle" (cycle'.next == cycle' && cycle'.value = 0.1);
  let n = Sys.opaque_identity 41 in
  let f : int -> int = copy (fun x -> x + n) [ Marshal.Closures ] in
  check "closure" (f 1 = 42);
  check "closure refused"
    (match Marshal.to_string (fun x -> x + n) [] with
     | exception Invalid_argument _ -> true
     | _ -> false);
  let list = List.init 200_000 (fun i -> (i, string_of_int i)) in
  check "deep" (copy list [] = list);
  let text = String.init 1_000_000 (fun i -> Char.chr (i land 255)) in
  check "long" (copy text [] = text);
  check "digest"
    (Digest.to_hex (Digest.string (Marshal.to_string (list, 1.5, "x") []))
     = "34c3c4e16735c2306c38975e1e4a7c30");
  check "truncated"
    (match Marshal.from_bytes (Bytes.sub (Marshal.to_bytes list []) 0 30) 0 with
     | exception (Invalid_argument _ | Failure _) -> true
     | (_ : int) -> false);
  check "foreign"
    (match Marshal.from_string (String.make 40 'x') 0 with
     | exception Failure _ -> true
     | (_ : int) -> false);
  print_endline "ok"
