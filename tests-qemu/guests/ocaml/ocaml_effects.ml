(* Effects: generators, a scheduler, state, exceptions through handlers, deep
 * chains of fibers, and the errors of continuations.
 *
 * @mem 64
 * @reject FAIL
 * @expect generator 0 1 4 9 16
 * @expect scheduler a1 b1 c1 a2 b2 c2 a3 b3 c3
 * @expect state 500000
 * @expect ok
 *)

open Effect
open Effect.Deep

let check name ok = if not ok then Printf.printf "FAIL: %s\n" name

type _ Effect.t += Yield : int -> unit t

let generator () =
  let squares () =
    for i = 0 to 4 do
      perform (Yield (i * i))
    done
  in
  print_string "generator";
  try_with squares ()
    { effc =
        (fun (type a) (e : a t) ->
          match e with
          | Yield n -> Some (fun (k : (a, _) continuation) ->
              Printf.printf " %d" n;
              continue k ())
          | _ -> None) };
  print_newline ()

type _ Effect.t += Pause : unit t

let scheduler () =
  let queue = Queue.create () in
  let rec spawn f =
    match_with f ()
      { retc = next;
        exnc = raise;
        effc =
          (fun (type a) (e : a t) ->
            match e with
            | Pause -> Some (fun (k : (a, _) continuation) ->
                Queue.push (fun () -> continue k ()) queue;
                next ())
            | _ -> None) }
  and next () = match Queue.take_opt queue with Some f -> f () | None -> () in
  print_string "scheduler";
  let task name () =
    for i = 1 to 3 do
      Printf.printf " %s%d" name i;
      perform Pause
    done
  in
  List.iter (fun name -> Queue.push (fun () -> spawn (task name)) queue) [ "a"; "b"; "c" ];
  next ();
  print_newline ()

type _ Effect.t += Get : int t | Set : int -> unit t

let state () =
  let cell = ref 0 in
  let count () =
    for _ = 1 to 500_000 do
      perform (Set (perform Get + 1))
    done
  in
  try_with count ()
    { effc =
        (fun (type a) (e : a t) ->
          match e with
          | Get -> Some (fun (k : (a, _) continuation) -> continue k !cell)
          | Set n -> Some (fun (k : (a, _) continuation) -> cell := n; continue k ())
          | _ -> None) };
  Printf.printf "state %d\n" !cell

(* A handler inside a handler, ten thousand times: as many fibers at once. *)
let rec nest depth =
  if depth = 0 then (perform Pause; 0)
  else
    match_with nest (depth - 1)
      { retc = (fun n -> n + 1); exnc = raise; effc = (fun _ -> None) }

let deep () =
  let n =
    try_with nest 10_000
      { effc =
          (fun (type a) (e : a t) ->
            match e with
            | Pause -> Some (fun (k : (a, _) continuation) ->
                Gc.full_major ();
                continue k ())
            | _ -> None) }
  in
  check "deep" (n = 10_000)

let errors () =
  check "unhandled" (match perform Pause with exception Unhandled Pause -> true | _ -> false);
  let saved = ref None in
  let run () =
    try_with (fun () -> perform Pause; 1) ()
      { effc =
          (fun (type a) (e : a t) ->
            match e with
            | Pause -> Some (fun (k : (a, int) continuation) ->
                saved := Some (fun () -> continue k ());
                continue k ())
            | _ -> None) }
  in
  check "first time" (run () = 1);
  check "second time"
    (match !saved with
     | Some again -> (match again () with exception Continuation_already_resumed -> true | _ -> false)
     | None -> false);
  let cleaned = ref false in
  let discontinued =
    try_with
      (fun () -> try perform Pause; "?" with Exit -> cleaned := true; "exit")
      ()
      { effc =
          (fun (type a) (e : a t) ->
            match e with
            | Pause -> Some (fun (k : (a, _) continuation) -> discontinue k Exit)
            | _ -> None) }
  in
  check "discontinue" (discontinued = "exit" && !cleaned);
  check "exception through a handler"
    (match
       try_with (fun () -> raise Not_found) () { effc = (fun _ -> None) }
     with
     | exception Not_found -> true
     | () -> false)

let () =
  generator ();
  scheduler ();
  state ();
  deep ();
  errors ();
  print_endline "ok"
