(* Random.self_init has real entropy: each run is another one. The generator
 * itself gives what it gives everywhere.
 *
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let () =
  Random.init 42;
  let fixed = List.init 3 (fun _ -> Random.bits ()) in
  check "fixed" (fixed = [ 975943864; 389489320; 740341147 ]);
  let states = List.init 50 (fun _ -> Random.self_init (); Random.int64 Int64.max_int) in
  check "different" (List.length (List.sort_uniq compare states) = 50);
  (* Random values sit in the keys of a randomised table as well. *)
  let table = Hashtbl.create ~random:true 16 in
  Hashtbl.replace table "key" 1;
  check "random table" (Hashtbl.find table "key" = 1);
  print_endline "ok"
