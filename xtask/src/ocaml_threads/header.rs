//! The header of a program in OCaml's testsuite, as far as it tells how a native
//! program is made and run: ocamltest's language (ocamltest/tsl_lexer.mll,
//! tsl_parser.mly, main.ml). What it does not know is an error: a header is never
//! half understood.

use anyhow::{Context, Result, bail, ensure};

/// Conditions that hold for a native unikernel. `multicore` wants two processors;
/// where one is enough is for the list of what is left out to say.
const CONDITIONS: [&str; 10] = [
    "hassysthreads",
    "hasunix",
    "hasstr",
    "libunix",
    "multicore",
    "native-compiler",
    "no-tsan",
    "not-bsd",
    "not-target-windows",
    "not-windows",
];

/// Variables that say nothing about a native program of one's own: files that are
/// found anyway, where ocamltest keeps the output, why a test is skipped.
const OF_NO_CONCERN: [&str; 4] = ["readonly_files", "output", "stdout", "reason"];

/// How a native program is made and run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// OCaml libraries, in order.
    pub libraries: Vec<String>,
    /// Files besides the test's own, in order.
    pub modules: Vec<String>,
    /// Words for the compiler.
    pub flags: Vec<String>,
    /// Further parameters in `OCAMLRUNPARAM`.
    pub runparam: String,
    /// Variables in the program's environment.
    pub environment: Vec<(String, String)>,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Its exit status.
    pub status: u8,
    /// Shell commands that must succeed before it is run.
    pub scripts: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
    Append,
}

enum Statement {
    Assign(String, String),
    Append(String, String),
    Environment(String, String),
    Unset(String),
    Include(String),
    Action(String),
}

struct Node {
    statements: Vec<Statement>,
    branches: Vec<Node>,
}

/// Whether a file of the testsuite is a test.
pub fn is_test(text: &str) -> bool {
    let start = text.trim_start();
    let comment = start.strip_prefix("(*").or(start.strip_prefix("/*"));
    comment.is_some_and(|rest| rest.trim_start_matches(BLANK).starts_with("TEST"))
}

/// What the header in `text` asks for; `None`: no native program.
///
/// # Errors
/// There is no header, or something in it is not understood.
pub fn parse(text: &str) -> Result<Option<Plan>> {
    let mut tokens = tokens(header(text)?)?.into_iter().peekable();
    let root = node(&mut tokens)?;
    ensure!(tokens.next().is_none(), "a brace closes that none opens");
    let chooses = chooses(&root);
    root.native(&Plan::default(), !chooses)
}

const BLANK: [char; 3] = [' ', '\t', '\x0c'];

/// The text after `(* TEST`: at the beginning, or where `TEST_BELOW` stands there,
/// at the last place with such a comment.
fn header(text: &str) -> Result<&str> {
    let after = |comment: &'_ str| -> Option<usize> {
        let rest = comment.strip_prefix("(*")?.trim_start_matches(BLANK);
        let rest = rest.strip_prefix("TEST")?;
        Some(comment.len() - rest.len())
    };
    let start = text.trim_start();
    let at = after(start).context("it does not begin with a comment (* TEST")?;
    let rest = &start[at..];
    if !rest.starts_with("_BELOW") {
        return Ok(rest);
    }
    let last = rest
        .rmatch_indices("(*")
        .find_map(|(at, _)| Some(&rest[at + after(&rest[at..])?..]));
    last.context("TEST_BELOW, and there is none below")
}

fn tokens(header: &str) -> Result<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start();
        if rest.starts_with("*)") {
            return Ok(tokens);
        }
        if rest.starts_with("(*") {
            rest = after_comment(rest)?;
            continue;
        }
        if let Some(after) = rest.strip_prefix("+=") {
            tokens.push(Token::Append);
            rest = after;
            continue;
        }
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_.-'".contains(c);
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if end > 0 {
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
            continue;
        }
        match rest.chars().next() {
            Some('"') => {
                let (text, after) = string(&rest[1..])?;
                tokens.push(Token::Text(text));
                rest = after;
            }
            Some(sign @ ('{' | '}' | ';' | '=')) => {
                tokens.push(Token::Sign(sign));
                rest = &rest[1..];
            }
            Some(other) => bail!("`{other}` is not understood"),
            None => bail!("the comment does not end"),
        }
    }
}

fn after_comment(text: &str) -> Result<&str> {
    let mut depth = 0usize;
    for (at, _) in text.char_indices() {
        if text[at..].starts_with("(*") {
            depth += 1;
        } else if text[at..].starts_with("*)") {
            depth -= 1;
            if depth == 0 {
                return Ok(&text[at + 2..]);
            }
        }
    }
    bail!("a comment does not end")
}

/// A string up to its quote, and what follows. A backslash stands for itself but at
/// the end of a line, which it joins with the next.
fn string(text: &str) -> Result<(String, &str)> {
    let (raw, rest) = text.split_once('"').context("a string does not end")?;
    let mut lines = raw.split("\\\n");
    let mut value = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let line = line.trim_start_matches(BLANK);
        let kept = line
            .strip_prefix('\\')
            .filter(|kept| kept.starts_with(BLANK));
        value += kept.unwrap_or(line);
    }
    Ok((value, rest))
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<Token>>;

fn node(tokens: &mut Tokens) -> Result<Node> {
    let mut node = Node {
        statements: Vec::new(),
        branches: Vec::new(),
    };
    while let Some(token) = tokens.next_if(|token| *token != Token::Sign('}')) {
        match token {
            Token::Sign('{') => {
                node.branches.push(self::node(tokens)?);
                ensure!(tokens.next() == Some(Token::Sign('}')), "a brace is open");
            }
            Token::Word(word) if node.branches.is_empty() => {
                node.statements.push(statement(word, tokens)?);
            }
            other => bail!("{other:?} is not understood at its place"),
        }
    }
    Ok(node)
}

fn statement(word: String, tokens: &mut Tokens) -> Result<Statement> {
    let mut name = |after: &str| match tokens.next() {
        Some(Token::Word(name)) => Ok(name),
        other => bail!("{other:?} after `{after}`"),
    };
    let (word, is_set) = match word.as_str() {
        "include" => return ended(Statement::Include(name("include")?), tokens),
        "unset" => return ended(Statement::Unset(name("unset")?), tokens),
        "set" => (name("set")?, true),
        _ => (word, false),
    };
    let kind = match tokens.peek() {
        Some(Token::Sign('=')) if is_set => Statement::Environment,
        Some(Token::Sign('=')) => Statement::Assign,
        Some(Token::Append) if !is_set => Statement::Append,
        _ => return ended(Statement::Action(word), tokens),
    };
    tokens.next();
    match tokens.next() {
        Some(Token::Text(value)) => ended(kind(word, value), tokens),
        other => bail!("{other:?} is no value of `{word}`"),
    }
}

fn ended(statement: Statement, tokens: &mut Tokens) -> Result<Statement> {
    match tokens.next() {
        Some(Token::Sign(';')) => Ok(statement),
        other => bail!("{other:?} where a statement ends"),
    }
}

/// Whether a header names any test. Without one ocamltest runs its default tests; if
/// there are conditions alone it runs nothing, which no author can have meant.
fn chooses(node: &Node) -> bool {
    let is_choice = |statement: &Statement| matches!(statement, Statement::Action(name) if !CONDITIONS.contains(&name.as_str()));
    node.statements.iter().any(is_choice) || node.branches.iter().any(chooses)
}

impl Node {
    /// The first way to a native program; at the end of one if `always`.
    fn native(&self, plan: &Plan, always: bool) -> Result<Option<Plan>> {
        let mut plan = plan.clone();
        for statement in &self.statements {
            match statement {
                Statement::Action(name) => match name.as_str() {
                    "native" => return Ok(Some(plan)),
                    "bytecode" | "skip" => return Ok(None),
                    "script" => ensure!(!plan.scripts.is_empty(), "`script` without one"),
                    name => ensure!(CONDITIONS.contains(&name), "the action `{name}`"),
                },
                Statement::Include(name) if name == "systhreads" => {
                    plan.libraries
                        .extend(["unix", "threads"].map(str::to_owned));
                }
                Statement::Include(name) => {
                    let known = ["unix", "str", "runtime_events"].contains(&name.as_str());
                    ensure!(known, "the library `{name}`");
                    plan.libraries.push(name.clone());
                }
                Statement::Unset(name) => plan.environment.retain(|(set, _)| set != name),
                Statement::Environment(name, value) => {
                    plan.environment.push((name.clone(), value.clone()));
                }
                Statement::Assign(name, value) => plan.assign(name, value)?,
                Statement::Append(name, value) => plan.append(name, value)?,
            }
        }
        for branch in &self.branches {
            if let Some(plan) = branch.native(&plan, always)? {
                return Ok(Some(plan));
            }
        }
        Ok((always && self.branches.is_empty()).then_some(plan))
    }
}

impl Plan {
    fn assign(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "modules" => self.modules.clear(),
            "flags" | "ocamlopt_flags" => self.flags.clear(),
            "ocamlrunparam" => self.runparam.clear(),
            "arguments" => self.arguments.clear(),
            "script" => self.scripts.clear(),
            _ => {}
        }
        self.append(name, value)
    }

    fn append(&mut self, name: &str, value: &str) -> Result<()> {
        let words = value.split_whitespace().map(str::to_owned);
        match name {
            "modules" => self.modules.extend(words),
            "flags" | "ocamlopt_flags" => self.flags.extend(words),
            "ocamlrunparam" => self.runparam += value,
            "arguments" => self.arguments.extend(words),
            "exit_status" => self.status = value.parse()?,
            "script" => self.scripts.push(value.to_owned()),
            name => ensure!(OF_NO_CONCERN.contains(&name), "the variable `{name}`"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Plan {
        parse(text).unwrap().unwrap()
    }

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_empty_header_is_a_program_of_its_own() {
        assert_eq!(plan("(* TEST *)\nlet x = 1"), Plan::default());
        assert_eq!(plan("\n(*TEST\n*)"), Plan::default());
        assert!(is_test("\n (* TEST *)") && is_test("/* TEST_BELOW"));
        assert!(!is_test("(****) (* TEST *)") && !is_test("let x = 1"));
        assert!(parse("let x = 1").is_err());
    }

    #[test]
    fn libraries_and_modules_are_collected_on_the_way_to_native() {
        let text = "(* TEST\n modules = \"a.ml b.c\"; include systhreads;\n hassysthreads;\n \
                    no-tsan; (* a { comment (* in *) another *)\n {\n flags = \"-x\";\n bytecode;\n }\
                    {\n ocamlrunparam += \",d=1\";\n set A=\"b c\"; native;\n }\n*)";
        let expected = Plan {
            libraries: strings(&["unix", "threads"]),
            modules: strings(&["a.ml", "b.c"]),
            runparam: ",d=1".to_owned(),
            environment: vec![("A".to_owned(), "b c".to_owned())],
            ..Plan::default()
        };
        assert_eq!(plan(text), expected);
    }

    #[test]
    fn the_last_header_counts_where_it_is_below() {
        let text = "(* TEST_BELOW\n(* filler *)\n*)\nlet x = \"(* no *)\"\n\
                    (* TEST\n flags = \"-g -w a\";\n exit_status = \"2\";\n*)\n";
        let plan = plan(text);
        assert_eq!(plan.flags, strings(&["-g", "-w", "a"]));
        assert_eq!(plan.status, 2);
    }

    #[test]
    fn scripts_are_kept_as_they_are() {
        let plan = plan("(* TEST\n script = \"sh ${d}/x.sh \\\n   \\ y\";\n script;\n native;\n*)");
        assert_eq!(plan.scripts, strings(&["sh ${d}/x.sh  y"]));
    }

    #[test]
    fn conditions_alone_mean_the_default() {
        let plan = plan("(* TEST\n include str;\n hasstr;\n*)");
        assert_eq!(plan.libraries, strings(&["str"]));
    }

    #[test]
    fn no_native_program_is_asked_for() {
        for text in [
            "(* TEST\n { hasunix; }{ reason = \"why\"; skip; { native; } }\n*)",
            "(* TEST\n bytecode;\n*)",
        ] {
            assert_eq!(parse(text).unwrap(), None, "{text}");
        }
    }

    #[test]
    fn nothing_is_half_understood() {
        for (text, word) in [
            ("(* TEST\n expect;\n*)", "expect"),
            (
                "(* TEST\n include ocamlcommon;\n native;\n*)",
                "ocamlcommon",
            ),
            ("(* TEST\n stderr = \"x\";\n native;\n*)", "stderr"),
            (
                "(* TEST\n all_modules = \"x\";\n native;\n*)",
                "all_modules",
            ),
            ("(* TEST\n native\n*)", "ends"),
            ("(* TEST\n { native;\n*)", "open"),
            ("(* TEST\n native; }\n*)", "brace"),
            ("(* TEST\n ** native\n*)", "`*`"),
            ("(* TEST\n native;", "not end"),
            ("(* TEST\n flags = \"x;\n*)", "string"),
            ("(* TEST\n flags = x;\n*)", "no value"),
        ] {
            let error = format!("{:#}", parse(text).unwrap_err());
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
