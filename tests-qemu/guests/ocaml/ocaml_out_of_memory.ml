(* Out_of_memory is an exception: the program goes on, and what it drops can be
 * had again.
 *
 * @mem 64
 * @reject FAIL
 * @expect Out_of_memory for a huge block
 * @expect Out_of_memory for a huge bigarray
 * @expect Out_of_memory step by step
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let refused name f =
  match Sys.opaque_identity (f ()) with
  | exception Out_of_memory -> Printf.printf "Out_of_memory %s\n%!" name
  | _ -> Printf.printf "FAIL: %s was granted\n%!" name

let fill () =
  let held = ref [] in
  let bytes = ref 0 in
  (try
     while !bytes < 1 lsl 30 do
       held := Bytes.make (1 lsl 20) 'x' :: !held;
       bytes := !bytes + (1 lsl 20)
     done
   with Out_of_memory ->
     let count = List.length !held in
     check "what was granted is whole"
       (List.for_all (fun b -> Bytes.get b 0 = 'x' && Bytes.get b ((1 lsl 20) - 1) = 'x') !held);
     held := [];
     Gc.compact ();
     check (Printf.sprintf "half of it was had: %d MiB" count) (count >= 24));
  check "the end was reached" (!bytes < 1 lsl 30);
  !bytes

let () =
  refused "for a huge block" (fun () -> Bytes.create (1 lsl 40));
  refused "for a huge bigarray" (fun () ->
      Bigarray.(Array1.create char c_layout (1 lsl 40)) |> Bigarray.Array1.dim |> Bytes.create);
  let first = fill () in
  print_endline "Out_of_memory step by step";
  (* As much again: nothing was lost. *)
  for _ = 1 to 5 do
    let again = fill () in
    check (Printf.sprintf "%d bytes, then %d" first again) (again * 10 >= first * 9)
  done;
  print_endline "ok"
