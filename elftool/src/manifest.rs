//! The manifest of an application: the devices it uses, by name.
//!
//! Source: Solo5 0.12.1 `include/mft_abi.h`, and `docs/building.md` for the
//! JSON.

use std::fmt::Write;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

/// `MFT_VERSION`
const VERSION: u32 = 1;
/// `MFT_MAX_ENTRIES`, without the one that every manifest begins with.
const DEVICES_MAX: usize = 63;
/// `MFT_NAME_SIZE`
const NAME_SIZE: usize = 68;
/// `sizeof(struct mft_entry)`
const ENTRY_SIZE: usize = 104;
/// `MFT_RESERVED_FIRST`
const RESERVED_FIRST: u32 = 1 << 30;

/// What kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A block device.
    Block,
    /// A network.
    Net,
}

impl Kind {
    const ALL: [Kind; 2] = [Kind::Block, Kind::Net];

    /// As manifests have it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Block => "BLOCK_BASIC",
            Kind::Net => "NET_BASIC",
        }
    }

    /// `mft_type_t`
    fn number(self) -> u32 {
        match self {
            Kind::Block => 1,
            Kind::Net => 2,
        }
    }
}

/// A device that an application wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Letters and digits.
    pub name: String,
    /// What kind.
    pub kind: Kind,
}

/// The devices that an application wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// In the order of their handles.
    pub devices: Vec<Device>,
}

impl Manifest {
    /// Read a manifest in JSON.
    ///
    /// # Errors
    /// The field that is missing, unknown or wrong.
    pub fn from_json(text: &str) -> Result<Manifest> {
        let value: Value = serde_json::from_str(text).context("it is no JSON")?;
        let root = object(&value, "the manifest")?;
        known(root, "", &["type", "version", "devices"])?;
        let kind = string(root, "", "type")?;
        ensure!(
            kind == "solo5.manifest",
            ".type: `{kind}` is not \"solo5.manifest\""
        );
        let version = field(root, "", "version")?;
        ensure!(
            version.as_u64() == Some(VERSION.into()),
            ".version: {version} is not {VERSION}"
        );
        let list = field(root, "", "devices")?;
        let list = list.as_array().context(".devices: it is no array")?;
        ensure!(
            list.len() <= DEVICES_MAX,
            ".devices: {} are more than {DEVICES_MAX}",
            list.len()
        );
        let mut devices: Vec<Device> = Vec::new();
        for (index, value) in list.iter().enumerate() {
            let path = format!(".devices[{index}]");
            let device = device(value, &path)?;
            ensure!(
                !devices.contains(&device),
                "{path}.name: there is a {} `{}` already",
                device.kind.name(),
                device.name
            );
            devices.push(device);
        }
        Ok(Manifest { devices })
    }

    /// The same in C, for `mft_abi.h`.
    pub fn to_c(&self) -> String {
        let entries = self.devices.len() + 1;
        let mut text = format!(
            "/* Made from a manifest by elftool; changes will be lost. */\n\
             #define MFT_ENTRIES {entries}\n#include \"mft_abi.h\"\n\n\
             MFT1_NOTE_DECLARE_BEGIN\n{{\n    .version = MFT_VERSION,\n    .entries = {entries},\n    \
             .e = {{\n        {{.name = \"\", .type = MFT_RESERVED_FIRST}},\n"
        );
        for Device { name, kind } in &self.devices {
            let kind = kind.name();
            let line = format!("        {{.name = \"{name}\", .type = MFT_DEV_{kind}}},\n");
            text.push_str(&line);
        }
        text.push_str("    },\n}\nMFT1_NOTE_DECLARE_END\n");
        text
    }

    /// The same in JSON.
    pub fn to_json(&self) -> String {
        let mut text = format!(
            "{{\n  \"type\": \"solo5.manifest\",\n  \"version\": {VERSION},\n  \"devices\": ["
        );
        for (index, Device { name, kind }) in self.devices.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let kind = kind.name();
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "{comma}\n    {{ \"name\": \"{name}\", \"type\": \"{kind}\" }}"
            );
        }
        text.push_str("\n  ]\n}\n");
        text
    }

    /// Read the content of a note, with the four bytes that its alignment takes.
    ///
    /// # Errors
    /// It is not as a tender wants it.
    pub fn from_note(content: &[u8]) -> Result<Manifest> {
        let content = content.get(4..).unwrap_or_default();
        let word = |bytes: &[u8], at: usize| -> Option<u32> {
            let bytes = bytes.get(at..at + 4)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?))
        };
        let short = "it is too short";
        let version = word(content, 0).context(short)?;
        ensure!(
            version == VERSION,
            "its version is {version}, not {VERSION}"
        );
        let count = word(content, 4).context(short)? as usize;
        ensure!(
            (1..=DEVICES_MAX + 1).contains(&count),
            "it has {count} entries"
        );
        let entries = &content[8..];
        ensure!(
            entries.len() == count * ENTRY_SIZE,
            "{} bytes are not {count} entries",
            entries.len()
        );
        let mut devices = Vec::new();
        for (index, entry) in entries.chunks_exact(ENTRY_SIZE).enumerate() {
            let name: Vec<u8> = entry
                .iter()
                .copied()
                .take_while(|&byte| byte != 0)
                .collect();
            let kind = word(entry, NAME_SIZE).context(short)?;
            let name = String::from_utf8(name).ok();
            if index == 0 {
                let first = kind == RESERVED_FIRST && name.as_deref() == Some("");
                ensure!(first, "it does not begin with the reserved entry");
                continue;
            }
            let kind = Kind::ALL.into_iter().find(|known| known.number() == kind);
            match (name, kind) {
                (Some(name), Some(kind)) if check_name(&name).is_ok() => {
                    devices.push(Device { name, kind });
                }
                _ => bail!("its entry {index} is no device"),
            }
        }
        Ok(Manifest { devices })
    }
}

fn device(value: &Value, path: &str) -> Result<Device> {
    let entry = object(value, path)?;
    known(entry, path, &["name", "type"])?;
    let name = string(entry, path, "name")?;
    check_name(name).with_context(|| format!("{path}.name"))?;
    let kind = string(entry, path, "type")?;
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind);
    let kind = kind.with_context(|| {
        format!(
            "{path}.type: {} is neither \"NET_BASIC\" nor \"BLOCK_BASIC\"",
            entry["type"]
        )
    })?;
    Ok(Device {
        name: name.to_string(),
        kind,
    })
}

fn check_name(name: &str) -> Result<()> {
    ensure!(!name.is_empty(), "a name is not empty");
    ensure!(
        name.len() < NAME_SIZE,
        "{} letters are more than {}",
        name.len(),
        NAME_SIZE - 1
    );
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric());
    ensure!(plain, "`{name}` has more in it than letters and digits");
    Ok(())
}

fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>> {
    value
        .as_object()
        .with_context(|| format!("{path} is no object"))
}

fn known(object: &Map<String, Value>, path: &str, names: &[&str]) -> Result<()> {
    match object.keys().find(|key| !names.contains(&key.as_str())) {
        Some(key) => bail!(
            "{path}.{key}: there is no such field; there are {}",
            names.join(", ")
        ),
        None => Ok(()),
    }
}

fn field<'a>(object: &'a Map<String, Value>, path: &str, name: &str) -> Result<&'a Value> {
    object
        .get(name)
        .with_context(|| format!("{path}.{name} is missing"))
}

fn string<'a>(object: &'a Map<String, Value>, path: &str, name: &str) -> Result<&'a str> {
    let value = field(object, path, name)?;
    value
        .as_str()
        .with_context(|| format!("{path}.{name}: {value} is no string"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{ "type": "solo5.manifest", "version": 1, "devices": [
        { "name": "service0", "type": "NET_BASIC" }, { "type": "BLOCK_BASIC", "name": "disk" } ] }"#;

    #[test]
    fn json_there_and_back() {
        let manifest = Manifest::from_json(GOOD).unwrap();
        assert_eq!(manifest.devices.len(), 2);
        assert_eq!(manifest.devices[1].name, "disk");
        assert_eq!(manifest.devices[1].kind, Kind::Block);
        assert_eq!(Manifest::from_json(&manifest.to_json()).unwrap(), manifest);
        let none = Manifest::default();
        assert_eq!(Manifest::from_json(&none.to_json()).unwrap(), none);
    }

    #[test]
    fn mistakes_name_their_field() {
        let long = "x".repeat(68);
        let many = vec![r#"{"name":"a","type":"NET_BASIC"}"#; 64].join(",");
        let many = format!(r#""devices":[{many}]"#);
        let whole = GOOD.to_string();
        for (from, to, message) in [
            ("{", "", "no JSON"),
            ("solo5.manifest", "solo5.abi", ".type: `solo5.abi`"),
            ("\"solo5.manifest\"", "1", ".type: 1 is no string"),
            ("\"version\": 1,", "", ".version is missing"),
            ("\"version\": 1", "\"version\": 2", ".version: 2"),
            ("\"version\": 1", "\"version\": \"1\"", ".version: \"1\""),
            (
                "\"version\"",
                "\"size\": 3, \"version\"",
                ".size: there is no such",
            ),
            (
                "\"devices\": [",
                "\"devices\": [ 7,",
                ".devices[0] is no object",
            ),
            (
                "\"name\": \"disk\"",
                "\"nam\": \"disk\"",
                ".devices[1].nam:",
            ),
            (", \"name\": \"disk\"", "", ".devices[1].name is missing"),
            ("disk", "", ".devices[1].name: a name is not empty"),
            ("disk", "my disk", ".devices[1].name: `my disk`"),
            ("disk", &long, ".devices[1].name: 68 letters"),
            ("\"disk\"", "null", ".devices[1].name: null"),
            ("NET_BASIC", "net", ".devices[0].type: \"net\""),
            (
                ", \"type\": \"NET_BASIC\"",
                "",
                ".devices[0].type is missing",
            ),
            (
                "{ \"type\": \"BLOCK_BASIC\", \"name\": \"disk\" }",
                "{ \"type\": \"NET_BASIC\", \"name\": \"service0\" }",
                ".devices[1].name: there is a NET_BASIC",
            ),
            (&whole, "[]", "the manifest is no object"),
            (
                "\"devices\": [\n        { \"name\": \"service0\", \"type\": \"NET_BASIC\" }, \
                 { \"type\": \"BLOCK_BASIC\", \"name\": \"disk\" } ]",
                &many,
                ".devices: 64",
            ),
            (
                "\"devices\": [\n        { \"name\": \"service0\", \"type\": \"NET_BASIC\" }, \
                 { \"type\": \"BLOCK_BASIC\", \"name\": \"disk\" } ]",
                "\"devices\": {}",
                ".devices: it is no array",
            ),
        ] {
            let bad = GOOD.replacen(from, to, 1);
            assert_ne!(bad, GOOD, "{from}");
            let error = format!("{:#}", Manifest::from_json(&bad).unwrap_err());
            assert!(error.contains(message), "{error} instead of {message}");
        }
    }

    fn note(count: u32, entries: &[(&str, u32)]) -> Vec<u8> {
        let mut bytes = vec![0; 4];
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        for (name, kind) in entries {
            let mut entry = vec![0; ENTRY_SIZE];
            entry[..name.len()].copy_from_slice(name.as_bytes());
            entry[68..72].copy_from_slice(&kind.to_le_bytes());
            bytes.extend(entry);
        }
        bytes
    }

    #[test]
    fn notes_are_read_with_care() {
        let first = ("", RESERVED_FIRST);
        let good = note(3, &[first, ("service0", 2), ("disk", 1)]);
        let manifest = Manifest::from_note(&good).unwrap();
        assert_eq!(manifest, Manifest::from_json(GOOD).unwrap());
        for bad in [
            vec![],
            good[..11].to_vec(),
            good[..good.len() - 1].to_vec(),
            note(0, &[]),
            note(2, &[first]),
            note(65, &[first; 65]),
            note(1, &[("a", RESERVED_FIRST)]),
            note(1, &[("", 1)]),
            note(2, &[first, ("a", 3)]),
            note(2, &[first, ("a b", 1)]),
            note(2, &[first, ("", 1)]),
            note(2, &[first, (&"x".repeat(68), 1)]),
        ] {
            assert!(Manifest::from_note(&bad).is_err(), "{bad:?}");
        }
    }
}
