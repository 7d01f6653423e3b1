(* Files by Sys and the channels: absent ones raise Sys_error with the reason.
 *
 * @reject FAIL
 * @expect open_in: /absent: No such file or directory
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name
let refused f = match f () with exception Sys_error _ -> true | _ -> false

let () =
  (match open_in "/absent" with
   | exception Sys_error text -> Printf.printf "open_in: %s\n%!" text
   | _ -> print_endline "FAIL: open_in");
  check "exists" (Sys.file_exists "/" && not (Sys.file_exists "/absent"));
  check "is_directory" (Sys.is_directory "/" && refused (fun () -> Sys.is_directory "/absent"));
  check "is_regular" (not (Sys.is_regular_file "/"));
  check "getcwd" (Sys.getcwd () = "/");
  Sys.chdir "/";
  check "chdir" (refused (fun () -> Sys.chdir "/absent"));
  check "readdir" (refused (fun () -> Sys.readdir "/absent"));
  check "readdir of the root" (Array.mem "tmp" (Sys.readdir "/"));
  check "remove" (refused (fun () -> Sys.remove "/absent"));
  check "rename" (refused (fun () -> Sys.rename "/absent" "/other"));
  check "mkdir" (refused (fun () -> Sys.mkdir "/new" 0o700));
  check "rmdir" (refused (fun () -> Sys.rmdir "/absent"));
  check "open_out" (refused (fun () -> open_out "/readonly"));
  check "command" (match Sys.command "true" with exception Sys_error _ -> true | n -> n <> 0);
  check "seek" (refused (fun () -> seek_out stdout 0));
  check "executable_name" (String.length Sys.executable_name > 0);
  check "os" (Sys.unix && Sys.os_type = "Unix" && Sys.word_size = 64 && not Sys.big_endian);
  check "backend" (Sys.backend_type = Sys.Native);
  check "closed channel"
    (let channel = open_out_gen [ Open_wronly ] 0 "/dev/null" in
     output_string channel "nowhere";
     close_out channel;
     refused (fun () -> output_string channel "x"; flush channel));
  let channel = open_in_bin "/dev/zero" in
  check "zeros" (really_input_string channel 100 = String.make 100 '\000');
  close_in channel;
  let channel = open_in_bin "/dev/urandom" in
  check "random" (really_input_string channel 32 <> really_input_string channel 32);
  close_in channel;
  print_endline "ok"
