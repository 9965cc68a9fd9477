//! Liberty, the notation of cell libraries: groups, their attributes, and groups within them.

/// A group: `pin (A) { direction : "input"; ... }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// What it describes: `library`, `cell`, `pin`, ...
    pub kind: String,
    /// Its name, without quotes; empty if it has none.
    pub name: String,
    /// Its attributes without quotes, those in parentheses with their values as written.
    pub attributes: Vec<(String, String)>,
    /// The groups in it.
    pub groups: Vec<Group>,
}

/// A text is no Liberty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct LibertyFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: &'static str,
}

impl Group {
    /// Reads a file's text: one group, a `library`.
    ///
    /// # Errors
    /// [`LibertyFault`].
    pub fn parse(text: &str) -> Result<Group, LibertyFault> {
        let mut reader = Reader { text, at: 0 };
        let kind = reader.word();
        let library = reader.group(kind, 0)?;
        if library.kind != "library" {
            return Err(reader.fault("no library"));
        }
        Ok(library)
    }

    /// The value of an attribute.
    pub fn get(&self, attribute: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| name == attribute);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that is a number.
    pub fn number(&self, attribute: &str) -> Option<f64> {
        self.get(attribute)?.parse().ok()
    }

    /// The groups of a kind.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(move |group| group.kind == kind)
    }
}

/// Groups within groups, at most; a file has five or six.
const DEPTH: usize = 32;

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn fault(&self, reason: &'static str) -> LibertyFault {
        let line = self.text[..self.at].matches('\n').count() + 1;
        LibertyFault { line, reason }
    }

    /// Past blanks, comments and the ends of continued lines.
    fn skip(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len()
                - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\\').len();
            self.at += blank;
            if !self.text[self.at..].starts_with("/*") {
                return;
            }
            let end = self.text[self.at..].find("*/");
            self.at = end.map_or(self.text.len(), |end| self.at + end + 2);
        }
    }

    /// Takes a character if it is next.
    fn takes(&mut self, wanted: char) -> bool {
        self.skip();
        let is_next = self.text[self.at..].starts_with(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn word(&mut self) -> &'a str {
        self.skip();
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_.-+".contains(c)));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    /// Up to one of these characters outside of quotes, which stays.
    fn until(&mut self, ends: &[char]) -> Result<&'a str, LibertyFault> {
        let mut quoted = false;
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| {
            quoted ^= c == '"';
            !quoted && ends.contains(&c)
        });
        let Some(end) = end else { return Err(self.fault("it ends too early")) };
        self.at += end;
        Ok(rest[..end].trim())
    }

    /// What follows `KIND`: `(NAME) { ... }`.
    fn group(&mut self, kind: &str, depth: usize) -> Result<Group, LibertyFault> {
        if !self.takes('(') {
            return Err(self.fault("no `(` after a group's kind"));
        }
        let name = plain(self.until(&[')'])?);
        self.at += 1;
        let mut group = Group { kind: kind.into(), name, ..Group::default() };
        if !self.takes('{') || depth > DEPTH {
            return Err(self.fault("no group"));
        }
        while !self.takes('}') {
            let name = self.word();
            if name.is_empty() {
                return Err(self.fault("neither attribute nor group"));
            }
            if self.takes(':') {
                let value = plain(self.until(&[';', '\n', '}'])?);
                group.attributes.push((name.into(), value));
                self.takes(';');
                continue;
            }
            let start = self.at;
            if !self.takes('(') {
                return Err(self.fault("no `:` and no `(` after a name"));
            }
            let values = self.until(&[')'])?.to_owned();
            self.at += 1;
            self.skip();
            if self.text[self.at..].starts_with('{') {
                self.at = start;
                group.groups.push(self.group(name, depth + 1)?);
            } else {
                group.attributes.push((name.into(), values));
                self.takes(';');
            }
        }
        Ok(group)
    }
}

/// Without quotes.
fn plain(text: &str) -> String {
    text.trim().trim_matches('"').trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "/* a library */\nlibrary(\"small\") {\n  technology (cmos) ;\n  time_unit : \"1ns\";\n\
        cell (INV) {\n area : 5.5\n pin(Y) { function : \"(!A)\"; values ( \\\n \"1, 2\", \"3, 4\"); }\n }\n}\n";

    #[test]
    fn groups_and_attributes_are_read() {
        let library = Group::parse(TEXT).unwrap();
        assert_eq!((library.name.as_str(), library.get("time_unit")), ("small", Some("1ns")));
        let cell = library.of_kind("cell").next().unwrap();
        assert_eq!((cell.name.as_str(), cell.number("area")), ("INV", Some(5.5)));
        let pin = &cell.groups[0];
        assert_eq!((pin.kind.as_str(), pin.get("function")), ("pin", Some("(!A)")));
        assert_eq!(pin.get("values"), Some("\\\n \"1, 2\", \"3, 4\""));
    }

    #[test]
    fn what_is_no_liberty_is_refused_with_the_line() {
        let fault = |text: &str| Group::parse(text).unwrap_err().to_string();
        assert_eq!(fault(&TEXT[..TEXT.len() - 3]), "line 9: neither attribute nor group");
        assert_eq!(fault("module (x) { }"), "line 1: no library");
        assert_eq!(fault(""), "line 1: no `(` after a group's kind");
        assert_eq!(fault("library (x) {\n a b }"), "line 2: no `:` and no `(` after a name");
        assert!(fault(&("library(x){".to_owned() + &"a(b){".repeat(40))).ends_with("no group"));
    }
}
