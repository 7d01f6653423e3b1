//! Types out of DWARF debug information (version 4 and 5), reduced to what the
//! ABI sees.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gimli::{AttributeValue, EndianRcSlice, LittleEndian, Reader, UnitOffset};
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};

type Slice = EndianRcSlice<LittleEndian>;
type Unit = gimli::Unit<Slice>;
type Entry<'a> = gimli::DebuggingInformationEntry<'a, 'a, Slice>;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Nothing.
    Void,
    /// An integer.
    Integer {
        /// Its size.
        bytes: u64,
        /// Whether it is.
        signed: bool,
    },
    /// A floating point number of this size.
    Float(u64),
    /// A pointer, and what it leads to where that is known.
    Pointer(Option<Box<Type>>),
    /// A structure, a union or an array.
    Aggregate {
        /// What its source calls it.
        name: String,
        /// Its size.
        bytes: u64,
        /// The scalars in it: offset and type. Of a union, the largest member's.
        fields: Vec<(u64, Type)>,
    },
    /// A function.
    Function(Box<Function>),
}

/// A function's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Parameters in order.
    pub parameters: Vec<Type>,
    /// Whether more may follow.
    pub variadic: bool,
    /// What it answers.
    pub result: Type,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Void => f.write_str("void"),
            Self::Integer {
                bytes,
                signed: true,
            } => write!(f, "i{}", bytes * 8),
            Self::Integer { bytes, .. } => write!(f, "u{}", bytes * 8),
            Self::Float(bytes) => write!(f, "f{}", bytes * 8),
            Self::Pointer(_) => f.write_str("pointer"),
            Self::Aggregate { name, bytes, .. } => write!(f, "{name} of {bytes} bytes"),
            Self::Function(_) => f.write_str("function"),
        }
    }
}

/// What an object file tells.
pub struct Types {
    /// Defined functions by symbol.
    pub functions: BTreeMap<String, Function>,
    /// Variables that are pointers to functions, by name.
    pub probes: BTreeMap<String, Function>,
}

/// How deep pointers are followed.
const DEPTH: usize = 4;

/// The types in an object file.
pub fn read(path: &Path) -> Result<Types> {
    let data = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = object::File::parse(&*data)
        .with_context(|| format!("{} is no object file", path.display()))?;
    let load = |id: gimli::SectionId| -> Result<Slice> {
        let bytes = section(&file, id.name())?;
        Ok(Slice::new(bytes.into(), LittleEndian))
    };
    let dwarf = gimli::Dwarf::load(load)?;
    let mut types = Types {
        functions: BTreeMap::new(),
        probes: BTreeMap::new(),
    };
    let mut headers = dwarf.units();
    while let Some(header) = headers.next()? {
        let unit = dwarf.unit(header)?;
        Walker {
            dwarf: &dwarf,
            unit: &unit,
        }
        .collect(&mut types)?;
    }
    Ok(types)
}

/// A section with its relocations carried out: in an object file each starts at 0.
fn section(file: &object::File<'_>, name: &str) -> Result<Vec<u8>> {
    let Some(section) = file.section_by_name(name) else {
        return Ok(Vec::new());
    };
    let mut bytes = section.data()?.to_vec();
    for (offset, relocation) in section.relocations() {
        let RelocationTarget::Symbol(index) = relocation.target() else {
            continue;
        };
        let symbol = file.symbol_by_index(index)?;
        let value = symbol.address().wrapping_add_signed(relocation.addend());
        let size = usize::from(relocation.size() / 8);
        let start = usize::try_from(offset)?;
        let room = bytes
            .get_mut(start..start + size)
            .context("a relocation outside its section")?;
        room.copy_from_slice(&value.to_le_bytes()[..size]);
    }
    Ok(bytes)
}

struct Walker<'a> {
    dwarf: &'a gimli::Dwarf<Slice>,
    unit: &'a Unit,
}

impl Walker<'_> {
    fn collect(&self, types: &mut Types) -> Result<()> {
        let mut entries = self.unit.entries();
        while let Some((_, entry)) = entries.next_dfs()? {
            let declaration = entry.attr_value(gimli::DW_AT_declaration)?.is_some();
            let external = entry.attr_value(gimli::DW_AT_external)?.is_some();
            if declaration || !external {
                continue;
            }
            match entry.tag() {
                gimli::DW_TAG_subprogram => {
                    let linkage = self.text(entry, gimli::DW_AT_linkage_name)?;
                    let name = linkage.or(self.text(entry, gimli::DW_AT_name)?);
                    if let Some(name) = name {
                        types
                            .functions
                            .insert(name, self.function(entry.offset(), DEPTH)?);
                    }
                }
                gimli::DW_TAG_variable => {
                    let name = self.text(entry, gimli::DW_AT_name)?;
                    if let (Some(name), Type::Pointer(Some(to))) =
                        (name, self.type_of(entry, DEPTH)?)
                        && let Type::Function(function) = *to
                    {
                        types.probes.insert(name, *function);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn text(&self, entry: &Entry<'_>, name: gimli::DwAt) -> Result<Option<String>> {
        let Some(value) = entry.attr_value(name)? else {
            return Ok(None);
        };
        let text = self.dwarf.attr_string(self.unit, value)?;
        Ok(Some(text.to_string_lossy()?.into_owned()))
    }

    fn number(&self, entry: &Entry<'_>, name: gimli::DwAt) -> Result<Option<u64>> {
        Ok(entry
            .attr_value(name)?
            .and_then(|value| value.udata_value()))
    }

    /// The type that an entry refers to; none is `void`.
    fn type_of(&self, entry: &Entry<'_>, depth: usize) -> Result<Type> {
        match entry.attr_value(gimli::DW_AT_type)? {
            None => Ok(Type::Void),
            Some(AttributeValue::UnitRef(offset)) => self.resolve(offset, depth),
            Some(other) => bail!("a type outside its unit: {other:?}"),
        }
    }

    fn function(&self, offset: UnitOffset, depth: usize) -> Result<Function> {
        let mut tree = self.unit.entries_tree(Some(offset))?;
        let root = tree.root()?;
        let result = self.type_of(root.entry(), depth)?;
        let mut function = Function {
            parameters: Vec::new(),
            variadic: false,
            result,
        };
        let mut children = root.children();
        while let Some(child) = children.next()? {
            match child.entry().tag() {
                gimli::DW_TAG_formal_parameter => {
                    function
                        .parameters
                        .push(self.type_of(child.entry(), depth)?);
                }
                gimli::DW_TAG_unspecified_parameters => function.variadic = true,
                _ => {}
            }
        }
        Ok(function)
    }

    fn resolve(&self, offset: UnitOffset, depth: usize) -> Result<Type> {
        let entry = self.unit.entry(offset)?;
        let bytes = self.number(&entry, gimli::DW_AT_byte_size)?.unwrap_or(0);
        Ok(match entry.tag() {
            gimli::DW_TAG_typedef
            | gimli::DW_TAG_const_type
            | gimli::DW_TAG_volatile_type
            | gimli::DW_TAG_restrict_type
            | gimli::DW_TAG_atomic_type => self.type_of(&entry, depth)?,
            gimli::DW_TAG_base_type => self.scalar(&entry, bytes)?,
            gimli::DW_TAG_enumeration_type => match self.type_of(&entry, depth)? {
                Type::Void => Type::Integer {
                    bytes,
                    signed: false,
                },
                under => under,
            },
            gimli::DW_TAG_pointer_type => Type::Pointer(match depth {
                0 => None,
                _ => Some(Box::new(self.type_of(&entry, depth - 1)?)),
            }),
            gimli::DW_TAG_subroutine_type => {
                Type::Function(Box::new(self.function(offset, depth.saturating_sub(1))?))
            }
            gimli::DW_TAG_structure_type | gimli::DW_TAG_union_type => {
                self.aggregate(offset, bytes, depth)?
            }
            gimli::DW_TAG_array_type => self.array(offset, depth)?,
            tag => bail!("an unknown kind of type: {tag}"),
        })
    }

    fn scalar(&self, entry: &Entry<'_>, bytes: u64) -> Result<Type> {
        let encoding = match entry.attr_value(gimli::DW_AT_encoding)? {
            Some(AttributeValue::Encoding(encoding)) => encoding,
            _ => gimli::DW_ATE_unsigned,
        };
        Ok(match encoding {
            // Rust's `()` and `!`.
            _ if bytes == 0 => Type::Void,
            gimli::DW_ATE_float | gimli::DW_ATE_complex_float => Type::Float(bytes),
            gimli::DW_ATE_signed | gimli::DW_ATE_signed_char => Type::Integer {
                bytes,
                signed: true,
            },
            _ => Type::Integer {
                bytes,
                signed: false,
            },
        })
    }

    fn aggregate(&self, offset: UnitOffset, bytes: u64, depth: usize) -> Result<Type> {
        let mut tree = self.unit.entries_tree(Some(offset))?;
        let root = tree.root()?;
        let name = self
            .text(root.entry(), gimli::DW_AT_name)?
            .unwrap_or_default();
        let union = root.entry().tag() == gimli::DW_TAG_union_type;
        let declaration = root.entry().attr_value(gimli::DW_AT_declaration)?.is_some();
        // What no C program sees into, and what is one pointer however it is written.
        if declaration || name == "c_void" {
            return Ok(Type::Void);
        }
        if bytes == 8 && (name.starts_with("Option<") || name.starts_with("NonNull<")) {
            return Ok(Type::Pointer(None));
        }
        let mut fields = Vec::new();
        let mut largest = 0;
        let mut children = root.children();
        while let Some(child) = children.next()? {
            let entry = child.entry();
            if entry.tag() != gimli::DW_TAG_member {
                continue;
            }
            let at = self
                .number(entry, gimli::DW_AT_data_member_location)?
                .unwrap_or(0);
            let member = self.type_of(entry, depth.saturating_sub(1))?;
            if union {
                // Only one member of a union counts: the first of the largest.
                if size(&member) <= largest {
                    continue;
                }
                largest = size(&member);
                fields.clear();
            }
            match member {
                Type::Aggregate { fields: inner, .. } => {
                    fields.extend(inner.into_iter().map(|(inner, of)| (at + inner, of)));
                }
                Type::Void => {}
                scalar => fields.push((at, scalar)),
            }
        }
        fields.sort_by_key(|(at, _)| *at);
        // A structure of one scalar is passed as that scalar.
        if let [(0, only)] = &fields[..]
            && size(only) == bytes
            && name != "in_addr"
            && name != "InAddr"
        {
            return Ok(only.clone());
        }
        Ok(Type::Aggregate {
            name,
            bytes,
            fields,
        })
    }

    fn array(&self, offset: UnitOffset, depth: usize) -> Result<Type> {
        let mut tree = self.unit.entries_tree(Some(offset))?;
        let root = tree.root()?;
        let element = self.type_of(root.entry(), depth)?;
        let mut count = 1;
        let mut children = root.children();
        while let Some(child) = children.next()? {
            if child.entry().tag() == gimli::DW_TAG_subrange_type {
                let bound = self
                    .number(child.entry(), gimli::DW_AT_upper_bound)?
                    .map(|last| last + 1);
                count *= bound
                    .or(self.number(child.entry(), gimli::DW_AT_count)?)
                    .unwrap_or(0);
            }
        }
        let stride = size(&element);
        let mut fields = Vec::new();
        for index in 0..count {
            match &element {
                Type::Aggregate { fields: inner, .. } => {
                    let moved = inner
                        .iter()
                        .map(|(at, of)| (index * stride + at, of.clone()));
                    fields.extend(moved);
                }
                scalar => fields.push((index * stride, scalar.clone())),
            }
        }
        Ok(Type::Aggregate {
            name: "array".to_string(),
            bytes: count * stride,
            fields,
        })
    }
}

/// How many bytes a type takes.
pub fn size(of: &Type) -> u64 {
    match of {
        Type::Void | Type::Function(_) => 0,
        Type::Integer { bytes, .. } | Type::Float(bytes) | Type::Aggregate { bytes, .. } => *bytes,
        Type::Pointer(_) => 8,
    }
}
