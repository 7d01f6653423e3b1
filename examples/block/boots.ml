(* Counts how often it was booted, in the first block of a disk. A disk that holds
   something else is left alone. *)

external acquire : string -> int * int * int = "block_acquire"
external read : int -> int -> bytes -> unit = "block_read"
external write : int -> int -> bytes -> unit = "block_write"

let mark = "boots: "

(* The number in a block; 0 in an empty one. *)
let count block =
  let text = Bytes.to_string block in
  let is_empty = String.for_all (fun c -> c = '\000') text in
  if is_empty then Some 0
  else if String.starts_with ~prefix:mark text then
    let from = String.length mark in
    Option.bind (String.index_opt text '\n') (fun line ->
        int_of_string_opt (String.sub text from (line - from)))
  else None

let () =
  let disk, capacity, size = acquire "disk0" in
  let block = Bytes.make size '\000' in
  read disk 0 block;
  match count block with
  | None ->
      prerr_endline "boots: the disk holds something else";
      exit 1
  | Some boots ->
      let text = Printf.sprintf "%s%d\n" mark (boots + 1) in
      Bytes.fill block 0 size '\000';
      Bytes.blit_string text 0 block 0 (String.length text);
      write disk 0 block;
      Printf.printf "boots: %d blocks of %d bytes, boot number %d\n" (capacity / size) size (boots + 1)
