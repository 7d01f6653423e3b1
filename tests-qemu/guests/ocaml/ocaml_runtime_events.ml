(* runtime_events: the program reads the events of its own garbage collector,
 * out of the file that the runtime maps.
 *
 * @libraries runtime_events
 * @mem 96
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let () =
  Runtime_events.start ();
  let cursor = Runtime_events.create_cursor None in
  let begun = ref 0 and ended = ref 0 in
  let callbacks =
    Runtime_events.Callbacks.create
      ~runtime_begin:(fun _ _ -> function EV_MINOR -> incr begun | _ -> ())
      ~runtime_end:(fun _ _ -> function EV_MINOR -> incr ended | _ -> ())
      ()
  in
  for _ = 1 to 5 do
    Gc.minor ()
  done;
  let n = Runtime_events.read_poll cursor callbacks None in
  check (Printf.sprintf "%d events, %d %d" n !begun !ended) (n > 0 && !begun >= 5 && !ended >= 5);
  Runtime_events.pause ();
  Runtime_events.resume ();
  Runtime_events.free_cursor cursor;
  print_endline "ok"
