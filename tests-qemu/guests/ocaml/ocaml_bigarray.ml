(* Bigarrays: every kind, slices, blits, and memory that comes back.
 *
 * @mem 96
 * @reject FAIL
 * @expect ok
 *)

open Bigarray

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let kind (type a b) name (kind : (a, b) kind) (values : a array) =
  let n = Array.length values in
  let array = Array1.of_array kind c_layout values in
  check (name ^ " read") (Array.init n (Array1.get array) = values);
  let other = Array1.create kind c_layout n in
  Array1.blit array other;
  check (name ^ " compare") (compare array other = 0);
  Array1.fill other values.(n - 1);
  check (name ^ " fill") (Array1.get other 0 = values.(n - 1));
  let text = Marshal.to_string array [] in
  let back : (a, b, c_layout) Array1.t = Marshal.from_string text 0 in
  check (name ^ " marshal") (compare array back = 0);
  check (name ^ " hash") (Hashtbl.hash array = Hashtbl.hash back)

let () =
  kind "char" char [| 'a'; '\255' |];
  kind "int8_signed" int8_signed [| -128; 127 |];
  kind "int8_unsigned" int8_unsigned [| 0; 255 |];
  kind "int16_signed" int16_signed [| -32768; 32767 |];
  kind "int16_unsigned" int16_unsigned [| 0; 65535 |];
  kind "int" int [| min_int; max_int |];
  kind "int32" int32 [| Int32.min_int; Int32.max_int |];
  kind "int64" int64 [| Int64.min_int; Int64.max_int |];
  kind "nativeint" nativeint [| Nativeint.min_int; Nativeint.max_int |];
  kind "float32" float32 [| -1.5; 0.25 |];
  kind "float64" float64 [| -0.1; 1e308 |];
  kind "complex32" complex32 [| Complex.one; Complex.i |];
  kind "complex64" complex64 [| Complex.one; { re = 0.1; im = -0.2 } |];
  (* Layouts and slices share their elements. *)
  let matrix = Array2.create float64 c_layout 100 50 in
  for i = 0 to 99 do
    for j = 0 to 49 do
      matrix.{i, j} <- float_of_int ((i * 50) + j)
    done
  done;
  let row = Array2.slice_left matrix 42 in
  row.{7} <- -1.;
  check "slice" (matrix.{42, 7} = -1.);
  let fortran = Array2.change_layout matrix fortran_layout in
  check "layout" (fortran.{8, 43} = -1.);
  let flat = reshape_1 (genarray_of_array2 matrix) 5000 in
  check "reshape" (flat.{(42 * 50) + 7} = -1. && Array1.size_in_bytes flat = 40_000);
  check "bounds"
    (match flat.{5000} with exception Invalid_argument _ -> true | _ -> false);
  check "negative"
    (match Array1.create char c_layout (Sys.opaque_identity (-1)) with
     | exception Invalid_argument _ -> true
     | _ -> false);
  (* Two gigabytes in all, through a machine that has far less. *)
  for i = 1 to 256 do
    let array = Array1.create char c_layout (8 lsl 20) in
    array.{(8 lsl 20) - 1} <- Char.chr (i land 255);
    check "churn" (array.{(8 lsl 20) - 1} = Char.chr (i land 255))
  done;
  let small = Array.init 20_000 (fun i ->
      let array = Array1.create int c_layout 64 in
      Array1.fill array i;
      array)
  in
  Gc.full_major ();
  check "small" (Array.for_all (fun (a : (int, _, _) Array1.t) -> a.{0} = a.{63}) small);
  print_endline "ok"
