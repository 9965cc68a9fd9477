//! The expressions of rust-hdl's Verilog: reading and writing them.

use std::fmt;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// A signal or a constant.
    Name(String),
    /// Bits `high` to `low` of a signal.
    Slice {
        /// The signal.
        name: String,
        /// The first bit.
        high: usize,
        /// The last bit.
        low: usize,
    },
    /// A number of so many bits.
    Number {
        /// Bits.
        width: usize,
        /// Value.
        value: u128,
    },
    /// Every bit inverted.
    Not(Box<Expr>),
    /// All bits of an operand in one, by `&`, `|` or `^`.
    Reduce(char, Box<Expr>),
    /// Two operands.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// Several expressions side by side, the most significant first.
    Concat(Vec<Expr>),
}

/// An operator of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Mul,
    Add,
    Sub,
    Shl,
    Shr,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    And,
    Xor,
    Or,
    LogicalAnd,
    LogicalOr,
}

use Operator::*;

impl Operator {
    /// As it is written, and how strongly it binds in Verilog. Of two that begin alike the longer
    /// comes first.
    const ALL: [(&str, Operator, u8); 16] = [
        ("<<", Shl, 7),
        (">>", Shr, 7),
        ("<=", Le, 6),
        (">=", Ge, 6),
        ("==", Eq, 5),
        ("!=", Ne, 5),
        ("&&", LogicalAnd, 1),
        ("||", LogicalOr, 0),
        ("*", Mul, 9),
        ("+", Add, 8),
        ("-", Sub, 8),
        ("<", Lt, 6),
        (">", Gt, 6),
        ("&", And, 4),
        ("^", Xor, 3),
        ("|", Or, 2),
    ];

    /// Whether the result is one bit, true or false.
    pub(super) fn is_comparison(self) -> bool {
        matches!(self, Lt | Le | Gt | Ge | Eq | Ne)
    }

    fn text(self) -> &'static str {
        let found = Operator::ALL.iter().find(|(_, operator, _)| *operator == self);
        found.expect("every operator is in the table").0
    }
}

impl Expr {
    /// The expression that `text` is, by Verilog's rules of precedence.
    ///
    /// # Errors
    /// What is not understood.
    pub(super) fn parse(text: &str) -> Result<Expr, String> {
        let mut parser = Parser { rest: text };
        let expr = parser.binary(0)?;
        match parser.skip_space() {
            "" => Ok(expr),
            rest => Err(format!("`{rest}` is left of `{text}`")),
        }
    }

    /// Calls `visit` with every name in it and the bits of it that are read, `None` for all.
    pub(super) fn names<'e>(&'e self, visit: &mut impl FnMut(&'e str, Option<(usize, usize)>)) {
        match self {
            Expr::Name(name) => visit(name, None),
            Expr::Slice { name, high, low } => visit(name, Some((*high, *low))),
            Expr::Number { .. } => {}
            Expr::Not(operand) | Expr::Reduce(_, operand) => operand.names(visit),
            Expr::Binary(_, left, right) => {
                left.names(visit);
                right.names(visit);
            }
            Expr::Concat(parts) => parts.iter().for_each(|part| part.names(visit)),
        }
    }

    /// The same with other names.
    pub(super) fn renamed(&self, rename: &impl Fn(&str) -> String) -> Expr {
        let again = |e: &Expr| Box::new(e.renamed(rename));
        match self {
            Expr::Name(name) => Expr::Name(rename(name)),
            Expr::Slice { name, high, low } => {
                Expr::Slice { name: rename(name), high: *high, low: *low }
            }
            Expr::Number { .. } => self.clone(),
            Expr::Not(operand) => Expr::Not(again(operand)),
            Expr::Reduce(by, operand) => Expr::Reduce(*by, again(operand)),
            Expr::Binary(op, left, right) => Expr::Binary(*op, again(left), again(right)),
            Expr::Concat(parts) => Expr::Concat(parts.iter().map(|p| p.renamed(rename)).collect()),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Name(name) => f.write_str(name),
            Expr::Slice { name, high, low } if high == low => write!(f, "{name}[{high}]"),
            Expr::Slice { name, high, low } => write!(f, "{name}[{high}:{low}]"),
            Expr::Number { width: 1, value } => write!(f, "1'b{value}"),
            Expr::Number { width, value } => write!(f, "{width}'h{value:x}"),
            Expr::Not(operand) => write!(f, "~{}", Operand(operand)),
            Expr::Reduce(by, operand) => write!(f, "({by}{})", Operand(operand)),
            Expr::Binary(op, left, right) => {
                // A chain of one associative operator needs no parentheses.
                match &**left {
                    Expr::Binary(inner, ..)
                        if inner == op && matches!(op, And | Or | Xor | Add) =>
                    {
                        write!(f, "{left}")?;
                    }
                    _ => write!(f, "{}", Operand(left))?,
                }
                write!(f, " {} {}", op.text(), Operand(right))
            }
            Expr::Concat(parts) => {
                f.write_str("{")?;
                for (at, part) in parts.iter().enumerate() {
                    write!(f, "{}{part}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// An expression as an operand: in parentheses if it has two operands itself.
struct Operand<'a>(&'a Expr);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::Binary(..) => write!(f, "({})", self.0),
            _ => write!(f, "{}", self.0),
        }
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn skip_space(&mut self) -> &'t str {
        self.rest = self.rest.trim_start();
        self.rest
    }

    fn take(&mut self, token: &str) -> bool {
        match self.skip_space().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) {
            return Ok(());
        }
        Err(format!("`{token}` is missing before `{}`", self.rest))
    }

    /// The characters up to the first that is not wanted.
    fn word(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Operands that are joined by operators at least this strong.
    fn binary(&mut self, weakest: u8) -> Result<Expr, String> {
        let mut left = self.unary()?;
        loop {
            let rest = self.skip_space();
            let found = Operator::ALL.iter().find(|(text, ..)| rest.starts_with(text));
            let Some(&(text, operator, strength)) = found.filter(|found| found.2 >= weakest) else {
                return Ok(left);
            };
            self.rest = &rest[text.len()..];
            let right = self.binary(strength + 1)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
    }

    fn unary(&mut self) -> Result<Expr, String> {
        if self.take("~") {
            return Ok(Expr::Not(Box::new(self.unary()?)));
        }
        for by in ['&', '|', '^'] {
            if self.take(by.encode_utf8(&mut [0; 4])) {
                return Ok(Expr::Reduce(by, Box::new(self.unary()?)));
            }
        }
        if self.take("(") {
            let inner = self.binary(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        match self.skip_space().chars().next() {
            Some(first) if first.is_ascii_digit() => self.number(),
            Some(first) if is_identifier(first) => {
                let name = self.word(is_identifier).to_owned();
                if !self.rest.starts_with('[') {
                    return Ok(Expr::Name(name));
                }
                self.expect("[")?;
                let Expr::Number { value, .. } = self.number()? else { unreachable!() };
                self.expect("]")?;
                let bit = value as usize;
                Ok(Expr::Slice { name, high: bit, low: bit })
            }
            _ => Err(format!("`{}` is no operand", self.rest)),
        }
    }

    /// A number with its width: `32'h1f`.
    fn number(&mut self) -> Result<Expr, String> {
        let text = self.skip_space();
        let wrong = || format!("`{text}` does not begin with a number and its width");
        let width = self.word(|c| c.is_ascii_digit()).parse().map_err(|_| wrong())?;
        let base = match self.rest.get(..2) {
            Some("'h") => 16,
            Some("'b") => 2,
            Some("'d") => 10,
            _ => return Err(wrong()),
        };
        self.rest = &self.rest[2..];
        let digits = self.word(|c| c.is_ascii_hexdigit());
        let value = u128::from_str_radix(digits, base).map_err(|_| wrong())?;
        Ok(Expr::Number { width, value })
    }
}

/// Whether a character may be in a name.
pub(super) fn is_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_read_by_verilogs_precedence_and_written_with_parentheses() {
        for (text, again) in [
            ("((a) & 6'h3f) + b", "(a & 6'h3f) + b"),
            ("a & b == c", "a & (b == c)"),
            ("a | b ^ c & ~d", "a | (b ^ (c & ~d))"),
            ("a & b & ~c", "a & b & ~c"),
            ("a - b - c", "(a - b) - c"),
            ("a + (b + c)", "a + (b + c)"),
            ("a << 1'b1 < b && c <= d", "((a << 1'b1) < b) && (c <= d)"),
            (
                "(r0 >> 32'h1) | ((r0 & 32'h1) << 32'h1f)",
                "(r0 >> 32'h1) | ((r0 & 32'h1) << 32'h1f)",
            ),
            ("x$y[32'h5] != 32'hA", "x$y[5] != 32'ha"),
            ("|a & b", "(|a) & b"),
        ] {
            assert_eq!(Expr::parse(text).unwrap().to_string(), again);
        }
    }

    #[test]
    fn what_rust_hdl_does_not_write_is_refused() {
        for text in ["", "a +", "(a", "a b", "a[b]", "12", "4'q1", "a ? b : c"] {
            assert!(Expr::parse(text).is_err(), "{text}");
        }
    }
}
