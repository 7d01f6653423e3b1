(* What all programs share: time one call of [f] and print one line. [f] answers a checksum, which
   must be the same on every system. *)
external now : unit -> (float[@unboxed]) = "bench_now" "bench_now_unboxed" [@@noalloc]

let run name f =
  let start = now () in
  let sum = f () in
  let end_ = now () in
  Printf.printf "BENCH %s us=%.0f sum=%s\n%!" name ((end_ -. start) *. 1e6) sum
