(* The mathematical functions: exact where the result is exact, near elsewhere;
 * classes, rounding, and the special values.
 *
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let near name found expected =
  let ulp = Float.succ (Float.abs expected) -. Float.abs expected in
  if not (Float.abs (found -. expected) <= 2. *. ulp) then
    Printf.printf "FAIL: %s: %h, not %h\n%!" name found expected

let () =
  check "sqrt" (sqrt 2. = 0x1.6a09e667f3bcdp+0 && Float.is_nan (sqrt (-1.)));
  check "floor" (floor (-1.5) = -2. && ceil (-1.5) = -1. && Float.trunc (-1.5) = -1.);
  check "round" (Float.round 2.5 = 3. && Float.round (-2.5) = -3. && Float.round 0.49999999999999994 = 0.);
  check "fma" (Float.fma 0x1.0000001p0 0x1.0000001p0 (-1.) = 0x1.00000008p-27);
  check "fmod" (mod_float 5.5 2. = 1.5 && mod_float (-5.5) 2. = -1.5 && Float.rem 1e300 7. = 1.);
  check "frexp" (frexp 10. = (0.625, 4) && ldexp 0.625 4 = 10. && ldexp 1. (-1074) = 5e-324);
  check "modf" (modf (-1.25) = (-0.25, -1.));
  check "copysign" (1. /. Float.copy_sign 0. (-1.) = neg_infinity && Float.sign_bit (-0.));
  check "next" (Float.succ 1. = 0x1.0000000000001p+0 && Float.pred 0. = -5e-324);
  check "pow" (2. ** 10. = 1024. && 2. ** 0.5 = sqrt 2. && Float.is_nan ((-8.) ** 0.3));
  check "hypot" (hypot 3. 4. = 5. && hypot 1e300 1e300 < infinity);
  check "exp of special" (exp neg_infinity = 0. && exp infinity = infinity && log 0. = neg_infinity);
  check "class" (classify_float 1e-310 = FP_subnormal && classify_float nan = FP_nan);
  check "cbrt" (Float.exp2 10. = 1024. && Float.log2 8. = 3.);
  near "cbrt" (Float.cbrt 27.) 3.;
  near "exp" (exp 1.) 0x1.5bf0a8b145769p+1;
  near "log" (log 10.) 0x1.26bb1bbb55516p+1;
  near "log10" (log10 2.) 0x1.34413509f79ffp-2;
  near "expm1" (Float.expm1 1e-10) 0x1.b7cdfd9dda4e3p-34;
  near "log1p" (Float.log1p 1e-10) 0x1.b7cdfd9d1d693p-34;
  near "sin" (sin 1.) 0x1.aed548f090ceep-1;
  near "cos" (cos 1e22) 0x1.0be2cef01c8f4p-1;
  near "tan" (tan 1.) 0x1.8eb245cbee3a6p+0;
  near "asin" (asin 0.5) 0x1.0c152382d7366p-1;
  near "acos" (acos 0.5) 0x1.0c152382d7366p+0;
  near "atan2" (atan2 (-1.) (-2.)) (-0x1.56c6e7397f5afp+1);
  near "sinh" (sinh 1.) 0x1.2cd9fc44eb982p+0;
  near "cosh" (cosh 1.) 0x1.8b07551d9f55p+0;
  near "tanh" (tanh 0.5) 0x1.d9353d7568af3p-2;
  near "asinh" (Float.asinh 1.) 0x1.c34366179d427p-1;
  near "acosh" (Float.acosh 2.) 0x1.5124271980435p+0;
  near "atanh" (Float.atanh 0.5) 0x1.193ea7aad030bp-1;
  near "erf" (Float.erf 0.5) 0x1.0a7ef5c18edd2p-1;
  near "erfc" (Float.erfc 2.) 0x1.328f5ec350e67p-8;
  check "int_of_float" (int_of_float (-1.9) = -1 && float_of_int max_int = 0x1p62);
  print_endline "ok"
