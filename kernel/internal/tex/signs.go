package tex

import (
	"fmt"
	"html"
	"strings"
)

// operator is a sign that stands for itself.
func operator(token string) (string, error) {
	switch token {
	case "-":
		token = "−"
	case "*":
		token = "∗"
	case ",", ";":
		return `<mo separator="true">` + token + "</mo>", nil
	case "/", "|", ".":
		return `<mo stretchy="false" lspace="0" rspace="0">` + token + "</mo>", nil
	case "(", ")", "[", "]":
		return `<mo stretchy="false">` + token + "</mo>", nil
	case "~":
		return space("0.333em"), nil
	case "#", "$", "%", "&":
		return "", fmt.Errorf("%q needs a \\ before it", token)
	}
	return "<mo>" + html.EscapeString(token) + "</mo>", nil
}

// set makes a set of the words in a text.
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// pairs makes a map of a text of names and values in turn.
func pairs(text string) map[string]string {
	m := map[string]string{}
	words := strings.Fields(text)
	for i := 0; i+1 < len(words); i += 2 {
		m[words[i]] = words[i+1]
	}
	return m
}

var letters = pairs(`alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
	kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
	Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
	partial ∂ nabla ∇ infty ∞ ell ℓ hbar ℏ emptyset ∅ dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ top ⊤`)

var signs = pairs(`cdot ⋅ times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ oplus ⊕ otimes ⊗ odot ⊙
	le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ∼ simeq ≃ equiv ≡ propto ∝ ll ≪ gg ≫ mid ∣ perp ⟂ parallel ∥
	in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ setminus ∖ forall ∀ exists ∃ land ∧ lor ∨ neg ¬
	to → rightarrow → leftarrow ← gets ← mapsto ↦ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ leftrightarrow ↔ uparrow ↑ downarrow ↓ iff ⟺ implies ⟹
	sum ∑ prod ∏ int ∫ colon : % % # # $ $ & & _ _`)

// functions are names in upright letters.
var functions = set(`max min argmax argmin arg log ln exp sin cos tan tanh sinh cosh lim sup inf det dim ker gcd Pr`)

// stacked are what has its limits below and above where there is room.
var stacked = set(`\sum \prod \max \min \argmax \argmin \lim \sup \inf \underbrace \overbrace`)

var gaps = map[string]string{",": "0.167em", ":": "0.222em", ">": "0.222em", ";": "0.278em", " ": "0.333em", "!": "-0.167em", "quad": "1em", "qquad": "2em"}

type accent struct {
	sign        string
	wide, below bool
}

var accents = map[string]accent{
	"hat": {sign: "^"}, "widehat": {sign: "^", wide: true}, "bar": {sign: "‾"}, "overline": {sign: "‾", wide: true},
	"tilde": {sign: "~"}, "widetilde": {sign: "~", wide: true}, "vec": {sign: "→"}, "dot": {sign: "˙"}, "ddot": {sign: "¨"},
	"underline": {sign: "_", wide: true, below: true},
}

var brackets = map[string]string{
	"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "<": "⟨", ">": "⟩", "/": "/",
	`\{`: "{", `\}`: "}", `\|`: "‖", `\lVert`: "‖", `\rVert`: "‖", `\lvert`: "|", `\rvert`: "|", `\langle`: "⟨", `\rangle`: "⟩",
	`\lfloor`: "⌊", `\rfloor`: "⌋", `\lceil`: "⌈", `\rceil`: "⌉",
}

// tables are the environments, with their brackets and the sides of their columns.
var tables = map[string]struct {
	left, right string
	align       []string
}{
	"matrix": {"", "", []string{"center"}}, "pmatrix": {"(", ")", []string{"center"}}, "bmatrix": {"[", "]", []string{"center"}},
	"vmatrix": {"|", "|", []string{"center"}}, "cases": {"{", "", []string{"left"}},
	"aligned": {"", "", []string{"right", "left"}}, "align": {"", "", []string{"right", "left"}}, "align*": {"", "", []string{"right", "left"}},
}

// alphabets put letters and digits into Unicode's mathematical alphabets.
var alphabets = map[string]func(rune) rune{
	"mathbf": bold, "boldsymbol": bold, "bm": bold,
	"mathbb":  capitals(0x1D538, map[rune]rune{'C': 'ℂ', 'H': 'ℍ', 'N': 'ℕ', 'P': 'ℙ', 'Q': 'ℚ', 'R': 'ℝ', 'Z': 'ℤ'}),
	"mathcal": capitals(0x1D49C, map[rune]rune{'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ', 'R': 'ℛ'}),
}

func bold(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r - 'A' + 0x1D400
	case r >= 'a' && r <= 'z':
		return r - 'a' + 0x1D41A
	case r >= '0' && r <= '9':
		return r - '0' + 0x1D7CE
	case r >= 'Α' && r <= 'Ω':
		return r - 'Α' + 0x1D6A8
	case r >= 'α' && r <= 'ω':
		return r - 'α' + 0x1D6C2
	}
	return r
}

// capitals moves capital letters, but those that Unicode had before.
func capitals(first rune, older map[rune]rune) func(rune) rune {
	return func(r rune) rune {
		if old, ok := older[r]; ok {
			return old
		}
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + first
		}
		return r
	}
}
