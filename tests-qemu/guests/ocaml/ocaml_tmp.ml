(* /tmp holds files: written, read, renamed, listed, removed.
 *
 * @libraries unix
 * @mem 64
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let () =
  let name, channel = Filename.open_temp_file ~mode:[ Open_binary ] "nolibc" ".txt" in
  check "in /tmp" (Filename.dirname name = "/tmp");
  for i = 0 to 99_999 do
    Printf.fprintf channel "line %d\n" i
  done;
  check "position" (pos_out channel = 1_088_890);
  close_out channel;
  let channel = open_in_bin name in
  check "length" (in_channel_length channel = 1_088_890);
  check "first" (input_line channel = "line 0");
  seek_in channel 1_088_879;
  check "last" (input_line channel = "line 99999");
  check "end" (match input_line channel with exception End_of_file -> true | _ -> false);
  close_in channel;
  Sys.rename name "/tmp/other";
  check "renamed" (Sys.file_exists "/tmp/other" && not (Sys.file_exists name));
  check "listed" (Array.mem "other" (Sys.readdir "/tmp"));
  check "size" ((Unix.stat "/tmp/other").st_size = 1_088_890);
  Sys.mkdir "/tmp/dir" 0o700;
  check "not empty"
    (Sys.rename "/tmp/other" "/tmp/dir/x";
     match Sys.rmdir "/tmp/dir" with exception Sys_error _ -> true | () -> false);
  let fd = Unix.openfile "/tmp/dir/x" [ Unix.O_RDWR ] 0 in
  Unix.ftruncate fd 5;
  let map =
    Bigarray.array1_of_genarray (Unix.map_file fd Bigarray.char Bigarray.c_layout true [| 4096 |])
  in
  map.{0} <- 'L';
  Unix.close fd;
  check "mapped" (In_channel.with_open_bin "/tmp/dir/x" In_channel.input_char = Some 'L');
  Sys.remove "/tmp/dir/x";
  Sys.rmdir "/tmp/dir";
  check "gone" (not (Sys.file_exists "/tmp/dir"));
  print_endline "ok"
