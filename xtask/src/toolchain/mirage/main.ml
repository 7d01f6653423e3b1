let () =
  let before = Clock.elapsed () in
  let ready = Os.yield (Int64.add before 20_000_000L) in
  let waited = Int64.sub (Clock.elapsed ()) before >= 20_000_000L in
  Printf.printf "arguments: %s\n" (Os.arguments ());
  Printf.printf "waited: %b, ready: %Ld\n" waited ready;
  let words = Os.live_words () in
  let kept = Bigarray.(Array1.create char c_layout 1_000_000) in
  Printf.printf "counted: %b\n" (Os.live_words () - words >= Bigarray.Array1.dim kept / 8);
  Printf.printf "storage: %d bytes a block\n" (Os.block_size "storage");
  (* As MirageOS does: a complete object has no other end that writes what was printed. *)
  exit 0
