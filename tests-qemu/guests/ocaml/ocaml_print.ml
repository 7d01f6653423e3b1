(* What is printed comes out, whole and in order, whatever the buffering.
 *
 * @expect int -42 ff 0x1.8p+0 1.500000 true 'c' "quoted\n"
 * @expect box: [1;
 * @expect         3]
 * @expect on stderr
 * @expect line 1999
 * @expect 100000 bytes: aaaaaaaaaa
 * @expect unflushed
 *)

let () =
  Printf.printf "int %d %x %h %f %B %C %S\n%!" (-42) 255 1.5 1.5 true 'c' "quoted\n";
  Format.printf "@[<v 8>box: [1;@,2;@,3]@]@.";
  prerr_endline "on stderr";
  for i = 0 to 1999 do
    print_string "line ";
    print_int i;
    print_char '\n'
  done;
  (* Longer than any buffer on the way. *)
  Printf.printf "%d bytes: " 100_000;
  print_bytes (Bytes.make 100_000 'a');
  print_newline ();
  (* Flushed by exit alone. *)
  print_string "unflushed"
