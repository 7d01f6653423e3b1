(* A little of everything else in the standard library that reaches C: hashing,
 * comparison, integers of each width, strings, formatted input, lazy values,
 * objects.
 *
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

class counter =
  object
    val mutable n = 0
    method incr = n <- n + 1; n
  end

let () =
  check "hash"
    (Hashtbl.hash "nolibc" = 342167300 && Hashtbl.hash [ 1; 2; 3 ] = 794519639 && Hashtbl.hash 0.1 = 56789431);
  check "compare" (compare [ 1; 2 ] [ 1; 3 ] < 0 && compare nan nan = 0 && compare "b" "abc" > 0);
  check "int32"
    (Int32.to_string (Int32.add Int32.max_int 1l) = "-2147483648"
     && Printf.sprintf "%lx" (-1l) = "ffffffff");
  check "int64"
    (Int64.to_string Int64.min_int = "-9223372036854775808"
     && Int64.of_string "0u18446744073709551615" = -1L
     && Printf.sprintf "%Lu %Lo %LX" (-1L) 8L 255L = "18446744073709551615 10 FF");
  check "nativeint" (Nativeint.to_string (Nativeint.shift_left 1n 62) = "4611686018427387904");
  check "int text"
    (Printf.sprintf "%5d|%-5d|%05d|%+d|%#x|%u" 42 42 42 42 255 (-1)
     = "   42|42   |00042|+42|0xff|9223372036854775807");
  check "int_of_string" (int_of_string "0b101" + int_of_string "0o17" + int_of_string "1_000" = 1020);
  check "strings"
    (String.index "nolibc" 'l' = 2
     && String.uppercase_ascii "abc" = "ABC"
     && String.split_on_char ',' "a,,b" = [ "a"; ""; "b" ]
     && String.trim " x\n" = "x");
  check "bytes"
    (let b = Bytes.make 16 '\000' in
     Bytes.set_int64_le b 0 0x0102030405060708L;
     Bytes.blit b 0 b 1 8;
     Bytes.get_uint16_be b 1 = 0x0807);
  check "utf-8" (Bytes.length (let b = Buffer.create 4 in Buffer.add_utf_8_uchar b (Uchar.of_int 0x1F42B); Buffer.to_bytes b) = 4);
  check "scanf"
    (Scanf.sscanf "key = 0x2A, \"quoted\" c" "%s = %i, %S %c" (fun k n q c ->
         k = "key" && n = 42 && q = "quoted" && c = 'c'));
  check "lazy" (let n = ref 0 in let l = lazy (incr n; !n) in Lazy.force l + Lazy.force l = 2);
  check "object" (let c = new counter in ignore c#incr; c#incr = 2 && Oo.id c <> Oo.id (new counter));
  check "sort"
    (let a = Array.init 10_000 (fun i -> i * 7919 mod 10_007) in
     Array.stable_sort compare a;
     Array.for_all2 ( <= ) (Array.sub a 0 9_999) (Array.sub a 1 9_999));
  check "format" (Format.asprintf "@[<hov 2>%s@ %d@]" "x" 1 = "x 1");
  check "seq" (List.of_seq (Seq.take 3 (Seq.ints 5)) = [ 5; 6; 7 ]);
  check "signal" (match Sys.signal Sys.sigint Sys.Signal_ignore with
      | Sys.Signal_default | Sys.Signal_ignore -> true
      | _ -> false);
  print_endline "ok"
