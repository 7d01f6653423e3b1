(* Answers ARP, pings and datagrams to port 7, as RFC 826, 792, 768 and 862 have it, at the
   address that its argument names (10.0.0.2). A datagram to port 9 ends it. *)

external acquire : string -> int * string * int = "net_acquire"
external read : int -> bytes -> int = "net_read"
external write : int -> bytes -> int -> unit = "net_write"
external wait : unit -> unit = "net_wait"

let byte = Bytes.get_uint8
let word = Bytes.get_uint16_be
let set_word = Bytes.set_uint16_be

(* Ethernet: destination, source, type; then the payload. *)
let payload = 14

(* Whose we are. *)
type station = { handle : int; mac : string; ip : string }

let swap frame a b len =
  let kept = Bytes.sub frame a len in
  Bytes.blit frame b frame a len;
  Bytes.blit kept 0 frame b len

(* RFC 1071: the ones' complement of the sum of words. *)
let checksum frame at len =
  let rec sum total i =
    if i + 1 < len then sum (total + word frame (at + i)) (i + 2)
    else if i < len then total + (byte frame (at + i) lsl 8)
    else total
  in
  let rec fold total = if total > 0xffff then fold ((total land 0xffff) + (total lsr 16)) else total in
  lnot (fold (sum 0 0)) land 0xffff

let is_at frame at text = Bytes.sub_string frame at (String.length text) = text

let send station frame len =
  Bytes.blit frame 6 frame 0 6;
  Bytes.blit_string station.mac 0 frame 6 6;
  write station.handle frame len

(* Who has our address? *)
let arp station frame len =
  let at = payload in
  if len >= at + 28 && word frame (at + 2) = 0x0800 && word frame (at + 6) = 1
     && is_at frame (at + 24) station.ip
  then begin
    set_word frame (at + 6) 2;
    swap frame (at + 8) (at + 18) 10;
    Bytes.blit_string station.mac 0 frame (at + 8) 6;
    Bytes.blit_string station.ip 0 frame (at + 14) 4;
    send station frame (at + 28)
  end

(* Whether the end was asked for. *)
let ipv4 station frame len =
  let at = payload in
  let all = if len >= at + 28 then word frame (at + 2) else 0 in
  let is_for_us =
    all >= 28 && at + all <= len
    && byte frame at = 0x45 (* no options *)
    && word frame (at + 6) land 0x3fff = 0 (* no fragment *)
    && is_at frame (at + 16) station.ip
    && checksum frame at 20 = 0
  in
  let body = at + 20 in
  let answer () =
    swap frame (at + 12) (at + 16) 4;
    send station frame (at + all)
  in
  match byte frame (at + 9) with
  | 1 when is_for_us && byte frame body = 8 ->
      Bytes.set_uint8 frame body 0;
      set_word frame (body + 2) 0;
      set_word frame (body + 2) (checksum frame body (all - 20));
      answer ();
      false
  | 17 when is_for_us && word frame (body + 2) = 7 ->
      swap frame body (body + 2) 2;
      (* Neither the sum of what was swapped nor of addresses changes. *)
      answer ();
      false
  | 17 -> is_for_us && word frame (body + 2) = 9
  | _ -> false
  | exception Invalid_argument _ -> false

let rec serve station frame =
  match read station.handle frame with
  | 0 ->
      wait ();
      serve station frame
  | len ->
      let is_over =
        match word frame 12 with
        | 0x0806 ->
            arp station frame len;
            false
        | 0x0800 -> ipv4 station frame len
        | _ -> false
      in
      if not is_over then serve station frame

let () =
  let text = if Array.length Sys.argv > 1 then Sys.argv.(1) else "10.0.0.2" in
  let ip =
    match List.map int_of_string (String.split_on_char '.' text) with
    | [ a; b; c; d ] as parts when List.for_all (fun n -> n >= 0 && n < 256) parts ->
        String.init 4 (fun i -> Char.chr (List.nth [ a; b; c; d ] i))
    | _ | (exception Failure _) ->
        prerr_endline (text ^ " is no address: four numbers with dots");
        exit 2
  in
  let handle, mac, mtu = acquire "service0" in
  Printf.printf "echo: %s, MTU %d\n%!" text mtu;
  serve { handle; mac; ip } (Bytes.make (payload + mtu) '\000');
  print_endline "echo: asked to end"
