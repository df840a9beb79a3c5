// Text size of the questions, 1 to 3, kept in this browser.
import { ref, watch } from 'vue';

const NAME = 'heng-text-size';

function kept(): number {
  try {
    const value = Number(localStorage.getItem(NAME));
    return value >= 1 && value <= 3 ? value : 2;
  } catch {
    return 2;
  }
}

export const textSize = ref(kept());

watch(textSize, (value) => {
  try {
    localStorage.setItem(NAME, String(value));
  } catch {
    /* then it lasts until the page is left */
  }
});
