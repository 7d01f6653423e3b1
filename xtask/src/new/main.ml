let () = print_endline "Hello from OCaml, with no operating system."
