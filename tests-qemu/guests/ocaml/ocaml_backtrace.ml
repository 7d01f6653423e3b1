(* Exceptions carry backtraces with files and lines: caught, raised again, and
 * when nobody catches them.
 *
 * @cmdline OCAMLRUNPARAM=b --
 * @status 2
 * @expect caught Failure("inner")
 * @expect Raised at Stdlib.failwith in file "stdlib.ml"
 * @expect Called from Ocaml_backtrace.middle in file "ocaml_backtrace.ml", line 20
 * @expect Called from Ocaml_backtrace.outer in file "ocaml_backtrace.ml", line 22
 * @expect again: Stdlib.Exit
 * @expect Raised at Ocaml_backtrace.again in file "ocaml_backtrace.ml", line 25
 * @expect Re-raised at Ocaml_backtrace.again in file "ocaml_backtrace.ml", line 26
 * @expect callstack: Raised by primitive operation at Ocaml_backtrace in file
 * @expect Fatal error: exception Ocaml_backtrace.Uncaught("text", 3)
 * @expect Raised at Ocaml_backtrace in file "ocaml_backtrace.ml", line 42
 *)

exception Uncaught of string * int
let[@inline never] inner n = if n > 0 then failwith "inner" else n
let[@inline never] middle n = 1 + inner n

let[@inline never] outer n = 1 + middle n

let[@inline never] again () =
  try raise Exit
  with e -> Printexc.raise_with_backtrace e (Printexc.get_raw_backtrace ())

let () =
  (try ignore (outer 1)
   with e ->
     let trace = Printexc.get_backtrace () in
     Printf.printf "caught %s\n%s" (Printexc.to_string e) trace);
  (try again ()
   with e ->
     let trace = Printexc.get_backtrace () in
     Printf.printf "again: %s\n%s" (Printexc.to_string e) trace);
  let stack = Printexc.get_callstack 4 in
  Printf.printf "callstack: %s%!" (Printexc.raw_backtrace_to_string stack)

(* The last thing that happens. *)

let () = raise (Uncaught ("text", 3))
