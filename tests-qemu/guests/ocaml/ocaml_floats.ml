(* Float text, both ways: what is printed is what every other system prints, to
 * the last digit, and reading it back gives the same bits.
 *
 * The checksums are those of the same program under Linux with glibc.
 *
 * @timeout 60
 * @reject FAIL
 * @expect 0.1 1e+100 nan inf -inf -0. 4.94065645841e-324
 * @expect 0.10000000000000001 1.7976931348623157e+308 2.2250738585072014e-308
 * @expect 0x1.999999999999ap-4 -0x0p+0 0x0.0000000000001p-1022
 * @expect 2 4 2e+00 1e+06 0.5 0
 * @expect formats a443b0a4a4a2cc822f35c4a3f6d97c39
 * @expect round trips fe2f5f7381972a1bed48f466b72a7b6d
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name
let same a b = Int64.equal (Int64.bits_of_float a) (Int64.bits_of_float b)

(* A generator of our own: the same values everywhere. *)
let seed = ref 0x243F6A8885A308D3L

let next () =
  let x = !seed in
  let x = Int64.logxor x (Int64.shift_left x 13) in
  let x = Int64.logxor x (Int64.shift_right_logical x 7) in
  let x = Int64.logxor x (Int64.shift_left x 17) in
  seed := x;
  x

let special =
  [ 0.; -0.; 1.; -1.; 0.1; 0.5; 1.5; 2.5; 3.5; 1e15; 1e16; 1e17; 123456789.; 999999.5; 9.995;
    0.045; 1e22; 1e23; 5e-324; 2.2250738585072014e-308; 1.7976931348623157e308; nan; infinity;
    neg_infinity; 4.35; 0.000123456789; 1e-5; 123456.; 1e100; 1e-100 ]

let formats =
  let f : (float -> string) list =
    [ Printf.sprintf "%f"; Printf.sprintf "%.0f"; Printf.sprintf "%.1f"; Printf.sprintf "%.20f";
      Printf.sprintf "%e"; Printf.sprintf "%.0e"; Printf.sprintf "%.17e"; Printf.sprintf "%g";
      Printf.sprintf "%.3g"; Printf.sprintf "%.12g"; Printf.sprintf "%.17g"; Printf.sprintf "%#g";
      Printf.sprintf "%+.3f"; Printf.sprintf "% .3e"; Printf.sprintf "%020.4f";
      Printf.sprintf "%-20.4g|"; Printf.sprintf "%E"; Printf.sprintf "%G"; Printf.sprintf "%h";
      Printf.sprintf "%.4h"; Printf.sprintf "%H"; Printf.sprintf "%F"; Printf.sprintf "%#F";
      string_of_float; Float.to_string; Printf.sprintf "%.100f"; Printf.sprintf "%.60e" ]
  in
  f

let () =
  Printf.printf "%s %s %s %s %s %s %s\n" (string_of_float 0.1) (string_of_float 1e100)
    (string_of_float nan) (string_of_float infinity) (string_of_float neg_infinity)
    (string_of_float (-0.)) (string_of_float 5e-324);
  Printf.printf "%.17g %.17g %.17g\n" 0.1 max_float min_float;
  Printf.printf "%h %h %h\n" 0.1 (-0.) 5e-324;
  (* Halfway cases go to even, as the current mode has it. *)
  Printf.printf "%.0f %.0f %.0e %g %.1f %.0f\n" 1.5 3.5 1.5 999999.5 0.45 0.5;
  let buffer = Buffer.create 65536 in
  let add x =
    List.iter (fun format -> Buffer.add_string buffer (format x); Buffer.add_char buffer '\n') formats
  in
  List.iter add special;
  for _ = 1 to 300 do
    let x = Int64.float_of_bits (next ()) in
    if not (Float.is_nan x) then add x
  done;
  for _ = 1 to 300 do
    add (Int64.to_float (next ()) /. 1e12)
  done;
  Printf.printf "formats %s\n%!" (Digest.to_hex (Digest.string (Buffer.contents buffer)));
  Buffer.clear buffer;
  for _ = 1 to 50_000 do
    let x = Int64.float_of_bits (next ()) in
    if not (Float.is_nan x) then begin
      let text = Printf.sprintf "%.17g" x in
      check text (same (float_of_string text) x);
      Buffer.add_string buffer text
    end
  done;
  for _ = 1 to 5_000 do
    let x = Int64.float_of_bits (next ()) in
    if not (Float.is_nan x) then begin
      let text = Printf.sprintf "%h" x in
      check text (same (float_of_string text) x)
    end
  done;
  Printf.printf "round trips %s\n%!" (Digest.to_hex (Digest.string (Buffer.contents buffer)));
  let reads text bits =
    check ("reading " ^ text) (Int64.equal (Int64.bits_of_float (float_of_string text)) bits)
  in
  reads "0.1" 0x3fb999999999999aL;
  reads "1_000.5" 0x408f440000000000L;
  (* Halfway between two floats, and a digit beyond; subnormal, overflow. *)
  reads "9007199254740993" 0x4340000000000000L;
  reads "9007199254740993.0000000000000000000000000000000000001" 0x4340000000000001L;
  reads "2.4703282292062327208e-324" 0L;
  reads "2.4703282292062328e-324" 1L;
  reads "1e400" 0x7ff0000000000000L;
  reads "-1e-400" 0x8000000000000000L;
  reads "0x1.8p1" 0x4008000000000000L;
  reads "0x.1p-1070" 1L;
  reads "inf" 0x7ff0000000000000L;
  reads "1e23" 0x44b52d02c7e14af6L;
  reads "2.2250738585072011e-308" 0x000fffffffffffffL;
  check "not a float" (float_of_string_opt "1.5x" = None && float_of_string_opt "" = None);
  check "scanf" (Scanf.sscanf " 1.5e3 0x10 -7" " %f %i %d" (fun a b c -> a = 1500. && b = 16 && c = -7));
  print_endline "ok"
