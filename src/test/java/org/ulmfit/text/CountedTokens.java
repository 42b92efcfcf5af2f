package org.ulmfit.text;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Finds the tokens of a text in counted classes, and tells what that cost. */
final class CountedTokens {
  private static final CountedClasses CLASSES = new CountedClasses();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Function<String, List<String>> tokens;

  /**
   * What a text cost.
   *
   * @param steps of {@link Work}
   * @param bytes allocated
   */
  record Cost(long steps, long bytes) {}

  /**
   * @param type of this package, with a public constructor of such arguments
   */
  @SuppressWarnings("unchecked") // it is loaded again, and still the same
  CountedTokens(Class<? extends Function<String, List<String>>> type, String... arguments) {
    Class<?>[] strings = new Class<?>[arguments.length];
    Arrays.fill(strings, String.class);
    try {
      tokens =
          (Function<String, List<String>>)
              CLASSES
                  .loadClass(type.getName())
                  .getConstructor(strings)
                  .newInstance((Object[]) arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static CountedTokens of(Rules rules, TokenizerSpec word) {
    return new CountedTokens(Pipeline.class, rules.name(), word.id());
  }

  /** With what they stand for. */
  static CountedTokens located(Rules rules, TokenizerSpec word) {
    return new CountedTokens(Located.class, rules.name(), word.id());
  }

  /** As the commands make it. */
  public static final class Pipeline implements Function<String, List<String>> {
    private final TextPipeline pipeline;

    public Pipeline(String rules, String word) {
      pipeline = TextPipeline.of(Rules.valueOf(rules), TokenizerSpec.parse(word));
    }

    @Override
    public List<String> apply(String text) {
      return pipeline.tokens(text);
    }
  }

  /** The same with what they stand for. */
  public static final class Located implements Function<String, List<String>> {
    private final TextPipeline pipeline;

    public Located(String rules, String word) {
      pipeline = TextPipeline.of(Rules.valueOf(rules), TokenizerSpec.parse(word));
    }

    @Override
    public List<String> apply(String text) {
      return pipeline.locatedTokens(List.of(text)).stream().map(LocatedToken::text).toList();
    }
  }

  Cost of(String text) {
    long steps = Work.done();
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    List<String> unused = tokens.apply(text);
    return new Cost(Work.done() - steps, THREADS.getCurrentThreadAllocatedBytes() - bytes);
  }
}
