package tex

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestMathML(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"x", "<mi>x</mi>"},
		{"x^2", "<msup><mi>x</mi><mn>2</mn></msup>"},
		{"x_i^{12}", "<msubsup><mi>x</mi><mi>i</mi><mn>12</mn></msubsup>"},
		{"x^12", "<mrow><msup><mi>x</mi><mn>1</mn></msup><mn>2</mn></mrow>"},
		{"f'", "<msup><mi>f</mi><mo>′</mo></msup>"},
		{"0.001", "<mn>0.001</mn>"},
		{"a-b", "<mrow><mi>a</mi><mo>−</mo><mi>b</mi></mrow>"},
		{"a<b", "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>"},
		{`\frac{H+2P}{S}`, "<mfrac><mrow><mi>H</mi><mo>+</mo><mn>2</mn><mi>P</mi></mrow><mi>S</mi></mfrac>"},
		{`\frac12`, "<mfrac><mn>1</mn><mn>2</mn></mfrac>"},
		{`\sqrt{2}`, "<msqrt><mn>2</mn></msqrt>"},
		{`\sqrt[3]{x}`, "<mroot><mi>x</mi><mn>3</mn></mroot>"},
		{`\sum_{i=1}^n`, "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"},
		{`\max(x)`, "<mrow><mo movablelimits=\"true\" lspace=\"0.167em\" rspace=\"0\">max</mo><mo>\u2061</mo><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo></mrow>"},
		{`\log x`, "<mrow><mi>log</mi><mo>\u2061</mo><mspace width=\"0.167em\"></mspace><mi>x</mi></mrow>"},
		{`\hat{y}`, `<mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover>`},
		{`\partial L / \partial W`, `<mrow><mi>∂</mi><mi>L</mi><mo stretchy="false" lspace="0" rspace="0">/</mo><mi>∂</mi><mi>W</mi></mrow>`},
		{`\text{if } x \leq 0`, "<mrow><mtext>if\u00a0</mtext><mi>x</mi><mo>≤</mo><mn>0</mn></mrow>"},
		{`y\text{ for all }x`, "<mrow><mi>y</mi><mtext>\u00a0for all\u00a0</mtext><mi>x</mi></mrow>"},
		{`\text{합성곱}`, "<mtext>합성곱</mtext>"},
		{`\text{W\_1 <b>}`, "<mtext>W_1 &lt;b&gt;</mtext>"},
		{`\mathrm{out}`, `<mi mathvariant="normal">out</mi>`},
		{`\mathbf{W}`, "<mi>𝐖</mi>"},
		{`\mathbb{R}`, "<mi>ℝ</mi>"},
		{`\left( \frac{a}{b} \right)`, "<mrow><mo>(</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>)</mo></mrow>"},
		{`\left. x \right|`, "<mrow><mi>x</mi><mo>|</mo></mrow>"},
		{`\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}`, `<mrow><mo>[</mo><mtable><mtr><mtd style="text-align: center"><mn>1</mn></mtd><mtd style="text-align: center"><mn>2</mn></mtd></mtr>` +
			`<mtr><mtd style="text-align: center"><mn>3</mn></mtd><mtd style="text-align: center"><mn>4</mn></mtd></mtr></mtable><mo>]</mo></mrow>`},
		{`\begin{cases} x \\ \end{cases}`, `<mrow><mo>{</mo><mtable><mtr><mtd style="text-align: left"><mi>x</mi></mtd></mtr></mtable></mrow>`},
		{`\lfloor x \rfloor`, `<mrow><mo stretchy="false">⌊</mo><mi>x</mi><mo stretchy="false">⌋</mo></mrow>`},
	} {
		got, err := MathML(c.source, false)
		if want := "<math>" + c.want + "</math>"; err != nil || got != want {
			t.Errorf("%s\n got %s, %v\nwant %s", c.source, got, err, want)
		}
	}
	if got, err := MathML("x", true); err != nil || got != `<math display="block"><mi>x</mi></math>` {
		t.Errorf("display: %s, %v", got, err)
	}
}

func TestWhatIsNotUnderstood(t *testing.T) {
	for source, want := range map[string]string{
		`\unknown`: `\unknown is not known`, "{x": "a { without its }", "x}": `"}" has no beginning`, "x^": "missing", "x^1^2": `a second "^"`,
		`\left(x`: `without its \right`, `\begin{table}`: "is not known", `\begin{cases} x \end{matrix}`: "ends as", `\`: "lone", "x_^2": `"^" where`,
		strings.Repeat("{", 1000): "nested too deep", strings.Repeat(`\frac`, 1000): "nested too deep", `\text x`: "braces", "50%": `needs a \`,
	} {
		if got, err := MathML(source, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20s: %s, %v; want %q", source, got, err, want)
		}
	}
}

// FuzzMathML makes sure that whatever stands in a formula, the page keeps its
// structure.
func FuzzMathML(f *testing.F) {
	f.Add(`\frac{\partial L}{\partial W} = x^T \cdot \sum_{i=1}^{n} \hat{y}_i`)
	f.Add(`\begin{pmatrix} a & b \\ \text{<script>} & \sqrt[3]{d} \end{pmatrix}`)
	f.Fuzz(func(t *testing.T, source string) {
		text, err := MathML(source, true)
		if err != nil {
			return
		}
		decoder := xml.NewDecoder(strings.NewReader(text))
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				return
			}
			if err != nil && !strings.Contains(err.Error(), "UTF-8") && !strings.Contains(err.Error(), "illegal character code") {
				t.Fatalf("%q gives %s: %v", source, text, err)
			}
			if err != nil {
				return
			}
			if start, ok := token.(xml.StartElement); ok && !strings.HasPrefix(start.Name.Local, "m") {
				t.Fatalf("%q gives <%s>", source, start.Name.Local)
			}
		}
	})
}
