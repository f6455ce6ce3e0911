package session

import "fmt"

// What a network may cost: a step of more than mostProducts multiplications would take longer than ten seconds, and a page that
// learns more than mostLearned numbers would only fill the memory.
const (
	mostProducts = 700_000_000
	mostLearned  = 4_000_000
)

// fits returns an error, with both shapes, where a filter or a window is larger than what it moves over, and where a step
// would take too long.
func (c Settings) fits(height, width, classes int) error {
	input, channels := []int{1, height, width}, 1
	for i, filters := range c.Filters {
		tall, broad := height+2*c.Pad-c.Size+1, width+2*c.Pad-c.Size+1
		if tall < 1 || broad < 1 {
			return fault{
				fmt.Sprintf("Conv%d: filters of shape (%d, %d, %d, %d) are larger than what comes in, (%d, %d, %d) with padding %d; take smaller filters or more padding",
					i+1, filters, channels, c.Size, c.Size, channels, height, width, c.Pad),
				fmt.Sprintf("Conv%d: 형상 (%d, %d, %d, %d)의 필터가 입력 (%d, %d, %d), 패딩 %d보다 큽니다. 필터를 줄이거나 패딩을 늘리세요",
					i+1, filters, channels, c.Size, c.Size, channels, height, width, c.Pad),
			}
		}
		channels, height, width = filters, tall, broad
		if c.Pool > 1 {
			if height < c.Pool || width < c.Pool {
				return fault{
					fmt.Sprintf("Pool%d: a window of (%d, %d) is larger than what comes in, (%d, %d, %d); take a smaller one, or smaller filters",
						i+1, c.Pool, c.Pool, channels, height, width),
					fmt.Sprintf("Pool%d: 윈도 (%d, %d)가 입력 (%d, %d, %d)보다 큽니다. 풀링이나 필터를 줄이세요", i+1, c.Pool, c.Pool, channels, height, width),
				}
			}
			height, width = (height-c.Pool)/c.Pool+1, (width-c.Pool)/c.Pool+1
		}
	}
	cost, err := c.plan(input, classes).Cost()
	if err != nil {
		return fault{err.Error(), "신경망의 형상이 맞지 않습니다: " + err.Error()}
	}
	if cost.Parameters > mostLearned {
		return fault{
			fmt.Sprintf("the network would learn %.0f numbers, %d at most here; take fewer filters or hidden neurons", cost.Parameters, mostLearned),
			fmt.Sprintf("신경망의 매개변수가 %.0f개입니다. 여기서는 %d개까지 됩니다. 필터나 은닉층 뉴런을 줄이세요", cost.Parameters, mostLearned),
		}
	}
	if cost.Products*float64(c.Batch) > mostProducts {
		return fault{
			"a step would take longer than ten seconds in a browser; take fewer filters, a larger pooling, or a smaller batch",
			"브라우저에서 한 스텝에 10초가 넘게 걸립니다. 필터나 배치를 줄이거나 풀링을 늘리세요",
		}
	}
	return nil
}
