(* One use of each library. What it prints is the same on every machine. *)

let say fmt = Format.printf (fmt ^^ "@.")

let text () =
  say "fmt: %a" Fmt.(list ~sep:comma int) [ 1; 2; 3 ];
  say "astring: %a" Fmt.(Dump.list string) (Astring.String.cuts ~sep:"," "a,b,,c");
  say "stringext: %s" (Stringext.replace_all "a-b-c" ~pattern:"-" ~with_:"+");
  let words = Re.Perl.compile_pat "[a-z]+([0-9]*)" in
  let groups = Re.all words "ab12 c d3" in
  say "re: %a" Fmt.(list ~sep:sp string) (List.map (fun group -> Re.Group.get group 1) groups);
  let count _ _ = function `Uchar _ -> fun n -> n + 1 | `Malformed _ -> fun n -> n in
  let letters = Uutf.String.fold_utf_8 (fun n at c -> count n at c n) 0 "z\xc3\xbcrich" in
  say "uutf: %d letters" letters;
  let input = Xmlm.make_input (`String (0, "<a><b c='d'>text</b></a>")) in
  let rec depth n most =
    if Xmlm.eoi input then most
    else
      match Xmlm.input input with
      | `El_start _ -> depth (n + 1) (max most (n + 1))
      | `El_end -> depth (n - 1) most
      | _ -> depth n most
  in
  say "xmlm: depth %d" (depth 0 0);
  say "pp: %a" Pp.to_fmt (Pp.hbox (Pp.textf "boxed %s" "text"));
  say "sexplib0: %s" (Sexplib0.Sexp.to_string (List [ Atom "a b"; Atom "c" ]));
  say "csexp: %s" (Csexp.to_string (List [ Atom "abc"; List [] ]))

let formats () =
  let json = Yojson.Safe.from_string {|{"a": [1, 2.5, "\u00e9"], "b": null}|} in
  say "yojson: %s" (Yojson.Safe.to_string json);
  let number = Angstrom.(take_while1 (function '0' .. '9' -> true | _ -> false) >>| int_of_string) in
  let sum = Angstrom.(sep_by1 (char '+') number >>| List.fold_left ( + ) 0) in
  (match Angstrom.parse_string ~consume:All sum "1+20+300" with
  | Ok n -> say "angstrom: %d" n
  | Error why -> say "angstrom: %s" why);
  say "base64: %s" (Base64.encode_exn "any carnal pleas");
  say "ohex: %s" (Ohex.encode "\x00\xff ok");
  say "eqaf: %b %b" (Eqaf.equal "secret" "secret") (Eqaf.equal "secret" "Secret")

let bytes () =
  let buffer = Cstruct.create 16 in
  Cstruct.BE.set_uint32 buffer 0 0xdeadbeefl;
  Cstruct.blit_from_string "cstruct" 0 buffer 4 7;
  say "cstruct: %S" (Cstruct.to_string buffer);
  let big = Bigstringaf.of_string "bigstringaf" ~off:0 ~len:11 in
  say "bigstringaf: %s %d" (Bigstringaf.substring big ~off:3 ~len:6) (Bigstringaf.memchr big 0 'a' 11);
  let block = Bytes.create 8 in
  EndianBytes.LittleEndian.set_int64 block 0 0x0102030405060708L;
  say "ocplib-endian: %x" (EndianBytes.BigEndian.get_uint16 block 0)

let numbers () =
  let power = Z.pow (Z.of_int 3) 1000 in
  say "zarith: %d digits, %s mod" (String.length (Z.to_string power)) Z.(to_string (power mod of_int 1_000_007));
  say "zarith: %s" (Z.to_string (Z.gcd power (Z.mul (Z.of_int 45) (Z.of_int 14))));
  say "zarith: %s" (Q.to_string Q.(of_ints 1 3 + of_ints 1 6));
  say "zarith: %b" (Z.probab_prime (Z.of_string "170141183460469231731687303715884105727") 20 > 0);
  say "zarith: %.17g" (Z.to_float (Z.pow (Z.of_int 7) 50))

let events () =
  let source, set = React.E.create () in
  let sum = React.S.fold ( + ) 0 source in
  List.iter set [ 1; 2; 3 ];
  say "react: %d" (React.S.value sum);
  let buffer = Buffer.create 64 in
  let reporter = Logs_fmt.reporter ~app:(Format.formatter_of_buffer buffer) () in
  Logs.set_reporter reporter;
  Logs.app (fun m -> m "logged %d" 7);
  say "logs: %s" (String.trim (Buffer.contents buffer));
  let open Lwt.Syntax in
  let gate, wake = Lwt.wait () in
  let waiting = Lwt_list.map_p (fun n -> let+ m = gate in n * m) [ 1; 2; 3 ] in
  Lwt.wakeup wake 10;
  (match Lwt.state waiting with
  | Return list -> say "lwt: %a" Fmt.(list ~sep:sp int) list
  | _ -> say "lwt: still waiting");
  let unix = Lwt_main.run (let* () = Lwt_unix.sleep 0.01 in Lwt.return "slept") in
  say "lwt.unix: %s" unix

let threads () =
  let await () =
    let t = Domain_local_await.prepare_for_await () in
    let thread = Thread.create (fun () -> Thread.delay 0.001; t.release ()) () in
    t.await ();
    Thread.join thread
  in
  await ();
  say "domain-local-await: released";
  let backoff = Backoff.once Backoff.default in
  say "backoff: %b" (Backoff.get_wait_log backoff > Backoff.get_wait_log Backoff.default)

let () =
  text ();
  formats ();
  bytes ();
  numbers ();
  events ();
  threads ()
