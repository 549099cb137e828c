package dev.ridgeline.serving.traffic;

import dev.ridgeline.serving.request.PromptContent;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** How long requests are, prompt and output together. */
public interface Lengths {
  /** Fills in the lengths of a request. */
  void draw(RandomGenerator random, Arrival into);

  /** Prompt and output drawn apart. */
  static Lengths independent(LengthDistribution input, LengthDistribution output) {
    return (random, into) -> {
      into.inputTokens = input.draw(random);
      into.outputTokens = output.draw(random);
    };
  }

  /** Requests without end, of such lengths and no times. */
  default ArrivalSource source(RandomGenerator random) {
    return into -> {
      draw(random, into);
      into.priority = 0;
      into.session = -1;
      into.content = PromptContent.UNKNOWN;
      return true;
    };
  }

  /** The lengths of requests that were seen, kept as pairs. */
  final class Sample implements Lengths {
    /** A sample is of so many requests at most. */
    public static final int MOST = 1 << 20;

    private int[] inputs = new int[1024];
    private int[] outputs = new int[1024];
    private int size;

    /** The first requests of a trace, 2^20 at most. */
    public static Sample of(ArrivalSource trace) {
      Sample sample = new Sample();
      Arrival arrival = new Arrival();
      while (sample.size < MOST && trace.next(arrival)) {
        sample.add(arrival.inputTokens, arrival.outputTokens);
      }
      return sample;
    }

    private void add(int input, int output) {
      if (size == inputs.length) {
        inputs = Arrays.copyOf(inputs, 2 * size);
        outputs = Arrays.copyOf(outputs, 2 * size);
      }
      inputs[size] = input;
      outputs[size] = output;
      size++;
    }

    /** How many requests. */
    public int size() {
      return size;
    }

    /** Any of those seen, with replacement; of at least one. */
    @Override
    public void draw(RandomGenerator random, Arrival into) {
      int chosen = random.nextInt(size);
      into.inputTokens = inputs[chosen];
      into.outputTokens = outputs[chosen];
    }

    /**
     * The bivariate lognormal distribution that makes the sample most likely: means, deviations and
     * correlation of the logarithms. Draws are not longer than the longest seen.
     */
    public Lengths fitted() {
      double meanInput = 0;
      double meanOutput = 0;
      int mostInput = 1;
      int mostOutput = 1;
      for (int index = 0; index < size; index++) {
        meanInput += Math.log(inputs[index]) / size;
        meanOutput += Math.log(outputs[index]) / size;
        mostInput = Math.max(mostInput, inputs[index]);
        mostOutput = Math.max(mostOutput, outputs[index]);
      }
      double squareInput = 0;
      double squareOutput = 0;
      double product = 0;
      for (int index = 0; index < size; index++) {
        double input = Math.log(inputs[index]) - meanInput;
        double output = Math.log(outputs[index]) - meanOutput;
        squareInput += input * input / size;
        squareOutput += output * output / size;
        product += input * output / size;
      }
      double spread = Math.sqrt(squareInput * squareOutput);
      return new Fitted(
          meanInput,
          Math.sqrt(squareInput),
          mostInput,
          meanOutput,
          Math.sqrt(squareOutput),
          mostOutput,
          spread > 0 ? Math.clamp(product / spread, -1, 1) : 0);
    }
  }

  /**
   * Lognormal prompts and outputs that go together.
   *
   * @param meanInput of the logarithm of prompt tokens
   * @param deviationInput of the same
   * @param mostInput longest prompt
   * @param meanOutput of the logarithm of output tokens
   * @param deviationOutput of the same
   * @param mostOutput longest output
   * @param correlation of the logarithms, from -1 to 1
   */
  record Fitted(
      double meanInput,
      double deviationInput,
      int mostInput,
      double meanOutput,
      double deviationOutput,
      int mostOutput,
      double correlation)
      implements Lengths {
    @Override
    public void draw(RandomGenerator random, Arrival into) {
      double one = random.nextGaussian();
      double other = random.nextGaussian();
      double mixed = correlation * one + Math.sqrt(1 - correlation * correlation) * other;
      into.inputTokens =
          LengthDistribution.LogNormal.rounded(meanInput + deviationInput * one, mostInput);
      into.outputTokens =
          LengthDistribution.LogNormal.rounded(meanOutput + deviationOutput * mixed, mostOutput);
    }
  }
}
