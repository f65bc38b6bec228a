//! Huffman codes for counted symbols (T.81, K.2).

/// The longest code that a table can say.
const LONGEST: usize = 16;

/// A code for each symbol that occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// How many codes there are of 1 to 16 bits.
    pub(super) lengths: [u8; LONGEST],
    /// What they stand for, from the shortest to the longest.
    pub(super) symbols: Vec<u8>,
}

impl Code {
    /// None if no symbol occurs.
    pub(super) fn new(counts: &[u32; 256]) -> Option<Self> {
        let mut used: Vec<(u32, u8)> = (0..=255)
            .map(|symbol| (counts[usize::from(symbol)], symbol))
            .filter(|&(count, _)| count > 0)
            .collect();
        if used.is_empty() {
            return None;
        }
        used.sort_unstable_by_key(|&(count, symbol)| (count, std::cmp::Reverse(symbol)));
        // One more that never comes, so that no code consists of ones only: it is among the longest.
        let counts = std::iter::once(0).chain(used.iter().map(|&(count, _)| u64::from(count)));
        let mut lengths = limited(&lengths(&counts.collect::<Vec<_>>()));
        if let Some(longest) = lengths.iter_mut().rfind(|count| **count > 0) {
            *longest -= 1;
        }
        Some(Self {
            lengths: lengths.map(|count| count as u8),
            symbols: used.iter().rev().map(|&(_, symbol)| symbol).collect(),
        })
    }

    /// Codes with their lengths and symbols (T.81, C.2).
    pub(super) fn assigned(&self) -> impl Iterator<Item = (u16, u8, u8)> {
        let lengths = self.lengths.iter().zip(1..);
        let lengths = lengths.flat_map(|(&count, length)| (0..count).map(move |_| length));
        let mut next = 0_u32;
        let mut before = 0;
        lengths.zip(&self.symbols).map(move |(length, &symbol)| {
            next <<= length - before;
            before = length;
            let code = next as u16;
            next += 1;
            (code, length, symbol)
        })
    }
}

/// How many codes of each length an optimal code has, for counts that rise: the two least become one, until
/// there is one. Those that became one come in order too, so that the least are at the front of two queues.
fn lengths(counts: &[u64]) -> Vec<usize> {
    let leaves = counts.len();
    let mut nodes = counts.to_vec();
    let mut parents = vec![0; 2 * leaves];
    let (mut leaf, mut inner) = (0, leaves);
    while nodes.len() < 2 * leaves - 1 {
        let mut sum = 0;
        for _ in 0..2 {
            let least = if leaf < leaves && (inner >= nodes.len() || nodes[leaf] <= nodes[inner]) {
                &mut leaf
            } else {
                &mut inner
            };
            sum += nodes[*least];
            parents[*least] = nodes.len();
            *least += 1;
        }
        nodes.push(sum);
    }
    let mut depths = vec![0; nodes.len()];
    for node in (0..nodes.len() - 1).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    let mut lengths = vec![0; leaves + 1];
    for &depth in &depths[..leaves] {
        lengths[depth] += 1;
    }
    lengths
}

/// Makes long codes shorter and short ones longer until none has more than 16 bits (T.81, figure K.3).
fn limited(lengths: &[usize]) -> [usize; LONGEST] {
    let mut lengths = lengths.to_vec();
    lengths.resize(lengths.len().max(LONGEST + 1), 0);
    for long in (LONGEST + 1..lengths.len()).rev() {
        while lengths[long] > 0 {
            // Two of this length become one that is shorter by a bit, and the other takes the place beside
            // a shorter code, which becomes longer by a bit.
            let shorter = (1..long - 1).rfind(|&length| lengths[length] > 0);
            let shorter = shorter.unwrap_or_default();
            lengths[long] -= 2;
            lengths[long - 1] += 1;
            lengths[shorter + 1] += 2;
            lengths[shorter] -= 1;
        }
    }
    std::array::from_fn(|i| lengths[i + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(counts: &[(u8, u32)]) -> Code {
        let mut all = [0; 256];
        for &(symbol, count) in counts {
            all[usize::from(symbol)] = count;
        }
        Code::new(&all).expect("symbols")
    }

    #[test]
    fn the_more_often_the_shorter() {
        let code = code(&[(7, 50), (3, 20), (9, 20), (1, 5), (250, 5)]);
        assert_eq!(code.lengths[..6], [1, 1, 1, 1, 1, 0]);
        assert_eq!(code.symbols, [7, 3, 9, 1, 250]);
        let assigned: Vec<_> = code.assigned().collect();
        assert_eq!(
            assigned,
            [
                (0, 1, 7),
                (0b10, 2, 3),
                (0b110, 3, 9),
                (0b1110, 4, 1),
                (0b11110, 5, 250)
            ]
        );
    }

    #[test]
    fn one_symbol_has_a_code_and_none_has_no_table() {
        let code = code(&[(0, 3)]);
        assert_eq!(code.assigned().collect::<Vec<_>>(), [(0, 1, 0)]);
        assert_eq!(Code::new(&[0; 256]), None);
    }

    #[test]
    fn codes_of_more_than_sixteen_bits_are_shortened() {
        // Counts like Fibonacci's numbers make the longest codes that there can be.
        let (mut a, mut b) = (1_u32, 1_u32);
        let mut counts = [0; 256];
        for count in counts.iter_mut().take(40) {
            *count = a;
            (a, b) = (b, a + b);
        }
        let code = Code::new(&counts).expect("symbols");
        let symbols: u32 = code.lengths.iter().map(|&count| u32::from(count)).sum();
        assert_eq!(symbols, 40);
        let space: u32 = (1..)
            .zip(&code.lengths)
            .map(|(n, &count)| u32::from(count) << (16 - n))
            .sum();
        assert_eq!(space, (1 << 16) - 1, "all codes but that of ones");
        let last = code.assigned().last().expect("codes");
        assert_eq!(last, (u16::MAX - 1, 16, 1));
    }

    #[test]
    fn all_symbols_once() {
        let code = Code::new(&[1; 256]).expect("symbols");
        assert_eq!(code.lengths.iter().map(|&n| u32::from(n)).sum::<u32>(), 256);
        let assigned: Vec<_> = code.assigned().collect();
        assert!(
            assigned
                .iter()
                .all(|&(code, length, _)| u32::from(code) < (1 << length) - 1)
        );
    }
}
