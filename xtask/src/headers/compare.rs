//! Whether a prototype and a definition mean the same to the ABI.

use super::dwarf::{Function, Type, size};

/// What differs between a prototype and a definition, in words.
pub fn functions(prototype: &Function, definition: &Function) -> Vec<String> {
    let mut differences = Vec::new();
    let (declared, defined) = (&prototype.parameters, &definition.parameters);
    if prototype.variadic != definition.variadic {
        differences.push("one is variadic and the other is not".to_string());
    }
    if declared.len() != defined.len() {
        differences.push(format!(
            "{} parameters declared, {} defined",
            declared.len(),
            defined.len()
        ));
        return differences;
    }
    for (index, (declared, defined)) in declared.iter().zip(defined).enumerate() {
        if let Some(difference) = types(declared, defined) {
            differences.push(format!("parameter {}: {difference}", index + 1));
        }
    }
    if let Some(difference) = types(&prototype.result, &definition.result) {
        differences.push(format!("result: {difference}"));
    }
    differences
}

/// The difference between two types that are passed by value.
fn types(declared: &Type, defined: &Type) -> Option<String> {
    match (declared, defined) {
        (Type::Pointer(declared), Type::Pointer(defined)) => match (declared, defined) {
            (Some(declared), Some(defined)) => pointees(declared, defined),
            _ => None,
        },
        (Type::Aggregate { .. }, Type::Aggregate { .. }) => layouts(declared, defined),
        _ if declared == defined => None,
        _ => Some(format!("declared {declared}, defined {defined}")),
    }
}

/// The difference between what two pointers lead to. Bytes and what is unknown to
/// one side may be anything.
fn pointees(declared: &Type, defined: &Type) -> Option<String> {
    let any = |of: &Type| matches!(of, Type::Void) || matches!(of, Type::Integer { bytes: 1, .. });
    if any(declared) || any(defined) {
        return None;
    }
    match (declared, defined) {
        (Type::Pointer(Some(declared)), Type::Pointer(Some(defined))) => {
            pointees(declared, defined)
        }
        (Type::Pointer(_), Type::Pointer(_)) => None,
        (Type::Function(declared), Type::Function(defined)) => {
            let differences = functions(declared, defined);
            (!differences.is_empty()).then(|| format!("function: {}", differences.join("; ")))
        }
        _ => layouts(declared, defined).map(|difference| format!("pointed to: {difference}")),
    }
}

/// The scalars of a type: offset and size, neighbouring bytes left out.
fn scalars(of: &Type) -> Vec<(u64, u64)> {
    match of {
        Type::Aggregate { fields, .. } => {
            let known = fields.iter().map(|(at, of)| (*at, size(of)));
            known.filter(|(_, size)| *size > 1).collect()
        }
        scalar => vec![(0, size(scalar))],
    }
}

fn layouts(declared: &Type, defined: &Type) -> Option<String> {
    if size(declared) != size(defined) {
        return Some(format!("declared {declared}, defined {defined}"));
    }
    let (wanted, found) = (scalars(declared), scalars(defined));
    if wanted == found {
        return None;
    }
    let differing = wanted
        .iter()
        .zip(&found)
        .find(|(wanted, found)| wanted != found);
    Some(match differing {
        Some(((at, bytes), (other_at, other_bytes))) => format!(
            "{declared} has {bytes} bytes at offset {at} where {defined} has {other_bytes} at \
             {other_at}"
        ),
        None => format!(
            "{declared} has {} fields, {defined} has {}",
            wanted.len(),
            found.len()
        ),
    })
}
