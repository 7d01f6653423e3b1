let () =
  print_endline "Hello from OCaml, with no operating system.";
  match Array.to_list Sys.argv with
  | [] | [ _ ] -> ()
  | _ :: words -> print_endline ("Arguments: " ^ String.concat ", " words)
