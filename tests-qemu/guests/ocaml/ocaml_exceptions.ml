(* Every exception that the runtime itself raises can be caught.
 *
 * @reject FAIL
 * @expect ok: 13 exceptions
 *)

let count = ref 0

let raises expected f =
  incr count;
  match f () with
  | _ -> Printf.printf "FAIL: no %s\n" expected
  | exception e ->
    let found = Printexc.to_string e in
    if found <> expected then Printf.printf "FAIL: %s, not %s\n" found expected

exception Own of int list

let () =
  Printexc.register_printer (function
    | Own list -> Some (Printf.sprintf "Own with %d" (List.length list))
    | _ -> None)

let () =
  let zero = Sys.opaque_identity 0 and array = Sys.opaque_identity [| 1; 2 |] in
  raises "Division_by_zero" (fun () -> 1 / zero);
  raises "Division_by_zero" (fun () -> Int64.to_int (Int64.rem 1L (Int64.of_int zero)));
  raises {|Invalid_argument("index out of bounds")|} (fun () -> array.(2));
  raises {|Invalid_argument("index out of bounds")|} (fun () ->
      Char.code (Sys.opaque_identity "ab").[-1]);
  raises {|Invalid_argument("String.sub / Bytes.sub")|} (fun () ->
      String.length (String.sub "abc" 2 2));
  raises {|Failure("int_of_string")|} (fun () -> int_of_string "x");
  raises {|Failure("float_of_string")|} (fun () -> int_of_float (float_of_string "1e"));
  raises {|Failure("hd")|} (fun () -> List.hd []);
  raises "Not_found" (fun () -> List.assoc 1 []);
  raises {|Invalid_argument("compare: functional value")|} (fun () ->
      compare (fun x -> x) (fun x -> x + 1));
  raises "Own with 2" (fun () -> raise (Own [ 1; 2 ]));
  raises "Own with 3" (fun () ->
      Fun.protect ~finally:(fun () -> ()) (fun () -> raise (Own [ 1; 2; 3 ])));
  raises {|Fun.Finally_raised: Stdlib.Exit|} (fun () ->
      Fun.protect ~finally:(fun () -> raise Exit) (fun () -> 0));
  Printf.printf "ok: %d exceptions\n" !count
