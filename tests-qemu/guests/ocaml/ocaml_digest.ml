(* Digests, of strings and of more than one buffer.
 *
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let () =
  let abc = Digest.MD5.(to_hex (string "abc")) in
  check "md5" (abc = "900150983cd24fb0d6963f7d28e17f72");
  check "blake 256"
    (Digest.BLAKE256.(to_hex (string "abc"))
     = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  check "blake 512"
    (String.sub (Digest.BLAKE512.(to_hex (string "abc"))) 0 32
     = "ba80a53f981c4d0d6a2797b69f12f6e9");
  let text = String.init 1_000_003 (fun i -> Char.chr (i * 7 land 255)) in
  check "long" (Digest.to_hex (Digest.string text) = "465ae5a5c329b5b8d40ce0e95d863918");
  check "substring" (Digest.substring text 0 1000 = Digest.string (String.sub text 0 1000));
  check "hex" (Digest.from_hex abc = Digest.string "abc");
  check "file"
    (match Digest.file "/absent" with exception Sys_error _ -> true | _ -> false);
  print_endline "ok"
