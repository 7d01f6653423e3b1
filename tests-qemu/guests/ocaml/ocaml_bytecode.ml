(* A bytecode program is linked with the interpreter: exceptions, effects,
 * arithmetic, C primitives, backtraces.
 *
 * @bytecode
 * @libraries unix str
 * @cmdline OCAMLRUNPARAM=b -- seven
 * @status 7
 * @reject FAIL
 * @expect bytecode true
 * @expect fib 832040
 * @expect Called from
 * @expect ok seven
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name
let rec fib n = if n < 2 then n else fib (n - 1) + fib (n - 2)

type _ Effect.t += Ask : int Effect.t

let[@inline never] raises n = if n > 0 then failwith "x" else n

let () =
  Printf.printf "bytecode %b\n%!" (Sys.backend_type = Sys.Bytecode);
  Printf.printf "fib %d\n%!" (fib 30);
  check "effect"
    (Effect.Deep.try_with (fun () -> Effect.perform Ask + 1) ()
       { effc =
           (fun (type a) (e : a Effect.t) ->
             match e with
             | Ask -> Some (fun (k : (a, _) Effect.Deep.continuation) ->
                 Effect.Deep.continue k 41)
             | _ -> None) }
     = 42);
  (try ignore (1 + raises 1) with Failure _ -> Printexc.print_backtrace stdout);
  check "float" (Printf.sprintf "%.17g" (sqrt 2.) = "1.4142135623730951");
  check "string" (String.concat "," (Str.split (Str.regexp " ") "a b") = "a,b");
  check "unix" (Unix.getcwd () = "/");
  let rec endless n = 1 + endless n in
  check "overflow" (match endless 0 with exception Stack_overflow -> true | _ -> false);
  Gc.compact ();
  Printf.printf "ok %s\n" Sys.argv.(1);
  exit 7
