package dev.ridgeline.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a command is started in.
 *
 * @param out for answers
 * @param err for everything else
 * @param terminal whether answers go to a terminal
 * @param unicode whether the reader's locale shows more than ASCII
 * @param environment variables
 */
public record Surroundings(
    PrintStream out,
    PrintStream err,
    boolean terminal,
    boolean unicode,
    Map<String, String> environment) {

  /** Copies the variables. */
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Those of this process, apart from where answers go. */
  static Surroundings ofProcess(PrintStream out) {
    String encoding = System.getProperty("native.encoding", "");
    return new Surroundings(
        out,
        System.err,
        isTerminal(),
        encoding.toUpperCase(Locale.ROOT).startsWith("UTF"),
        System.getenv());
  }

  private static boolean isTerminal() {
    // Without TERM nothing understands colours, and asking for the console takes time.
    if (System.getenv("TERM") == null) {
      return false;
    }
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** Whether colours are welcome when nobody says otherwise. */
  boolean welcomesColour() {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** Whether to print stack traces of internal faults. */
  boolean tracing() {
    return environment.getOrDefault("RIDGELINE_TRACE", "").equals("1");
  }
}
