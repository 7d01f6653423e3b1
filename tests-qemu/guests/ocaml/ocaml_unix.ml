(* The Unix library: what a machine with one program can do works, what it
 * cannot fails with the errno that says so.
 *
 * @libraries unix
 * @cmdline HERE=yes -- one
 * @reject FAIL
 * @expect ok
 *)

open Unix

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let fails name expected f =
  match f () with
  | _ -> Printf.printf "FAIL: %s succeeded\n%!" name
  | exception Unix_error (found, _, _) ->
    if not (List.mem found expected) then
      Printf.printf "FAIL: %s: %s\n%!" name (error_message found)

let identity () =
  check "pid" (getpid () > 0 && getppid () >= 0);
  check "root" (getuid () = 0 && geteuid () = 0 && getgid () = 0 && getegid () = 0);
  check "hostname" (String.length (gethostname ()) > 0);
  check "getenv" (getenv "HERE" = "yes");
  putenv "THERE" "too";
  check "putenv" (getenv "THERE" = "too" && Sys.getenv_opt "THERE" = Some "too");
  check "environment" (Array.mem "HERE=yes" (environment ()));
  check "cwd" (getcwd () = "/");
  chdir "/";
  fails "chdir" [ ENOENT ] (fun () -> chdir "/absent");
  fails "getlogin" [ ENOENT; ENXIO; ENOTTY; EUNKNOWNERR 6 ] getlogin;
  check "getpwnam" (match getpwnam "nobody-such" with exception Not_found -> true | _ -> false);
  ignore (umask 0o022);
  check "umask" (umask 0o022 = 0o022)

let processes () =
  fails "fork" [ ENOSYS ] fork;
  fails "execv" [ ENOSYS; ENOENT ] (fun () -> execv "/bin/sh" [| "sh" |]);
  fails "wait" [ ECHILD ] wait;
  fails "waitpid" [ ECHILD ] (fun () -> waitpid [ WNOHANG ] (-1));
  fails "create_process" [ ENOSYS; ENOENT ] (fun () ->
      create_process "/bin/true" [| "true" |] stdin stdout stderr);
  check "system"
    (match Unix.system "true" with
     | exception Unix_error ((ENOSYS | ENOENT), _, _) -> true
     | WEXITED 127 -> true
     | _ -> false)

let descriptors () =
  fails "close" [ EBADF ] (fun () -> close (Obj.magic 77 : file_descr));
  fails "open absent" [ ENOENT ] (fun () -> openfile "/absent" [ O_RDONLY ] 0);
  fails "open for writing" [ ENOENT; EROFS ] (fun () ->
      openfile "/absent" [ O_WRONLY; O_CREAT ] 0o600);
  fails "stat" [ ENOENT ] (fun () -> stat "/absent");
  fails "opendir" [ ENOENT ] (fun () -> opendir "/absent");
  fails "unlink" [ ENOENT; EROFS ] (fun () -> unlink "/absent");
  fails "mkdir" [ EROFS ] (fun () -> mkdir "/new" 0o700);
  fails "lseek on the console" [ ESPIPE ] (fun () -> lseek stdout 0 SEEK_CUR);
  check "root is a directory" ((stat "/").st_kind = S_DIR);
  check "console" ((fstat stdout).st_kind = S_CHR);
  let text = "written through write\n" in
  check "write" (write_substring stdout text 0 (String.length text) = String.length text);
  let copy = dup stdout in
  check "dup" (write_substring copy "dup\n" 0 4 = 4);
  close copy;
  fails "write after close" [ EBADF ] (fun () -> write_substring copy "x" 0 1);
  let readable, writable, _ = select [] [ stdout ] [] 0. in
  check "select" (readable = [] && writable = [ stdout ])

let network () =
  fails "socket" [ EAFNOSUPPORT ] (fun () -> socket PF_INET SOCK_STREAM 0);
  fails "socketpair" [ EAFNOSUPPORT ] (fun () -> socketpair PF_UNIX SOCK_STREAM 0);
  check "addresses"
    (string_of_inet_addr (inet_addr_of_string "192.0.2.7") = "192.0.2.7"
     && string_of_inet_addr (inet_addr_of_string "2001:db8::1") = "2001:db8::1"
     && string_of_inet_addr inet6_addr_loopback = "::1");
  check "bad address" (match inet_addr_of_string "1.2.3" with exception Failure _ -> true | _ -> false);
  check "getaddrinfo numeric"
    (match getaddrinfo "127.0.0.1" "80" [ AI_NUMERICHOST; AI_SOCKTYPE SOCK_STREAM ] with
     | { ai_addr = ADDR_INET (address, 80); _ } :: _ -> address = inet_addr_loopback
     | _ -> false);
  check "getaddrinfo by name" (getaddrinfo "example.invalid" "" [] = []);
  check "gethostbyname" (match gethostbyname "example.invalid" with exception Not_found -> true | _ -> false);
  check "getservbyname" (match getservbyname "no-such" "tcp" with exception Not_found -> true | _ -> false)

let signals () =
  let seen = ref 0 in
  Sys.set_signal Sys.sigusr1 (Sys.Signal_handle (fun _ -> incr seen));
  kill (getpid ()) Sys.sigusr1;
  (* Signals are handled at the next allocation. *)
  ignore (Sys.opaque_identity (ref 0));
  Gc.minor ();
  check "a signal to oneself" (!seen = 1);
  fails "kill another" [ ESRCH; EPERM ] (fun () -> kill (getpid () + 1) 0)

let errors () =
  check "messages"
    (error_message ENOENT = "No such file or directory" && error_message EAGAIN <> "");
  check "ebadf" (match Unix.read (Obj.magic 77 : file_descr) (Bytes.create 1) 0 1 with
      | exception Unix_error (EBADF, "read", "") -> true
      | _ -> false)

let () =
  identity ();
  processes ();
  descriptors ();
  network ();
  signals ();
  errors ();
  print_endline "ok"
