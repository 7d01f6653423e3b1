(* What a network service asks of malloc: packets in Bigarrays that wait in a queue, a table of
   connections with buffers, answers put together in Buffers. *)
open Bigarray

let state = ref 42

let random below =
  state := ((!state * 1103515245) + 12345) land 0x3fffffff;
  (!state lsr 8) mod below

let packet () =
  let len = if random 3 = 0 then 1514 else 66 + random 600 in
  let data = Array1.create char c_layout len in
  Array1.unsafe_set data 0 'x';
  data

let () =
  let queue = Queue.create () in
  let connections = Hashtbl.create 16 in
  let sent = ref 0 in
  for turn = 1 to 24_000 do
    Queue.add (packet ()) queue;
    if Queue.length queue > 200 + random 100 then begin
      let data = Queue.pop queue in
      let key = random 3000 in
      (match Hashtbl.find_opt connections key with
      | Some (buffer, window) ->
          Buffer.add_string buffer (String.make (Array1.dim data) 'y');
          Array1.unsafe_set window 0 (Array1.unsafe_get data 0);
          if Buffer.length buffer > 16_384 || random 20 = 0 then begin
            sent := !sent + Buffer.length buffer;
            Hashtbl.remove connections key
          end
      | None ->
          let window = Array1.create char c_layout (4096 lsl random 3) in
          Hashtbl.add connections key (Buffer.create 512, window))
    end;
    if turn mod 8000 = 0 then Gc.full_major ()
  done;
  Printf.printf "%d %d\n" !sent (Hashtbl.length connections)
