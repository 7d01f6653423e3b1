(* The Str library.
 *
 * @libraries str
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let () =
  let word = Str.regexp "\\([a-z]+\\)=\\([0-9]+\\)" in
  let text = "alpha=1, beta=22;gamma=333" in
  check "search" (Str.search_forward word text 1 = 1 && Str.matched_group 1 text = "lpha");
  check "groups" (Str.search_forward word text 8 = 9 && Str.matched_group 2 text = "22");
  check "backward" (Str.search_backward word text (String.length text - 1) = 21);
  check "replace" (Str.global_replace word "\\2=\\1" text = "1=alpha, 22=beta;333=gamma");
  check "split" (Str.split (Str.regexp "[ ,;]+") text = [ "alpha=1"; "beta=22"; "gamma=333" ]);
  check "substitute"
    (Str.global_substitute word (fun s -> String.uppercase_ascii (Str.matched_group 1 s)) text
     = "ALPHA, BETA;GAMMA");
  check "case" (Str.string_match (Str.regexp_case_fold "HELLO\\b") "hello world" 0);
  check "quote" (Str.quote "a.b*c" = "a\\.b\\*c");
  check "absent" (match Str.search_forward word "none" 0 with exception Not_found -> true | _ -> false);
  (* Long enough to grow the matcher's stacks. *)
  let long = String.make 100_000 'a' ^ "b" in
  check "long" (Str.string_match (Str.regexp "a*b") long 0 && Str.match_end () = 100_001);
  print_endline "ok"
