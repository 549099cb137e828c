package dev.ridgeline.cli;

import dev.ridgeline.cli.page.Style;
import dev.ridgeline.estimate.InfeasibleException;
import dev.ridgeline.estimate.UnreachableException;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code ridgeline} command.
 *
 * <p>Options are declared as tables rather than found by reflection, which keeps start-up short.
 */
public final class Ridgeline {
  private static final String UNRELEASED = "development build";
  private static final int HELP_WIDTH = 100;

  private final Surroundings surroundings;
  private final Map<String, Command> commands = new LinkedHashMap<>();

  private Ridgeline(Surroundings surroundings) {
    this.surroundings = surroundings;
    commands.put("calibrate", new CalibrateCommand());
    commands.put("estimate", new EstimateCommand());
    commands.put("predict", new PredictCommand());
    commands.put("require", new RequireCommand());
    commands.put("reproduce", new ReproduceCommand());
    commands.put("show", new ShowCommand());
    commands.put("simulate", new SimulateCommand());
    commands.put("validate", new ValidateCommand());
    commands.put("version", new VersionCommand());
  }

  /** Runs the command and ends the process. */
  public static void main(String[] args) {
    Output output = Output.ofProcess();
    int status = run(Surroundings.ofProcess(output.stream()), args);
    System.err.flush();
    if (output.failed()) {
      System.err.println("ridgeline: the answer could not be written: " + output.reason());
      status = ExitCode.FAULT;
    }
    System.exit(status);
  }

  /**
   * Runs the command.
   *
   * @return what the process should end with: 0 done, 1 no feasible answer, 2 bad input, 3 a fault
   */
  public static int run(Surroundings surroundings, String... args) {
    return new Ridgeline(surroundings).answer(args);
  }

  private int answer(String[] args) {
    // Error messages follow the locale; whether answers are plain is up to the command.
    Style style = new Style(false, !surroundings.unicode() || List.of(args).contains("--plain"));
    PrintStream err = surroundings.err();
    try {
      return dispatch(args);
    } catch (InputException bad) {
      return Refusals.print(bad, style, err);
    } catch (IllegalDeploymentException illegal) {
      return Refusals.print(illegal, style, err);
    } catch (InfeasibleException noRoom) {
      return Refusals.print(noRoom, style, err);
    } catch (UnreachableException beyond) {
      return Refusals.print(beyond, style, err);
    } catch (ParameterException misused) {
      return misuse(misused, style);
    } catch (RuntimeException | Error fault) {
      return fault(fault);
    }
  }

  private int dispatch(String[] args) {
    CommandLine root = new CommandLine(rootSpec());
    root.setUsageHelpWidth(HELP_WIDTH).setExpandAtFiles(false);
    commands.forEach((name, command) -> {
      CommandSpec spec = command.spec();
      spec.addOption(OutputOption.help());
      root.addSubcommand(name, new CommandLine(spec).setUsageHelpWidth(HELP_WIDTH));
    });
    if (args.length > 0 && args[0].equals("help")) {
      return help(root, args);
    }
    ParseResult parsed = root.parseArgs(args);
    ParseResult inner = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    if (inner.isUsageHelpRequested()) {
      usage(inner.commandSpec().commandLine(), surroundings.out());
      return ExitCode.DONE;
    }
    if (parsed.isVersionHelpRequested()) {
      return VersionCommand.print(surroundings);
    }
    Command command = commands.get(inner.commandSpec().name());
    if (command == null) {
      usage(root, surroundings.err());
      return ExitCode.BAD_INPUT;
    }
    return command.run(inner, surroundings);
  }

  private static CommandSpec rootSpec() {
    CommandSpec root = CommandSpec.create().name("ridgeline");
    root.usageMessage()
        .description(
            "Predicts how fast, costly and power-hungry an AI model is on a platform, and why.")
        .footer("", "'ridgeline help COMMAND' tells more about a command.");
    root.addOption(OutputOption.help());
    root.addOption(OutputOption.version());
    return root;
  }

  private int help(CommandLine root, String[] args) {
    if (args.length == 1) {
      usage(root, surroundings.out());
      return ExitCode.DONE;
    }
    CommandLine command = root.getSubcommands().get(args[1]);
    if (command == null) {
      throw Problem.of("no such command")
          .withValue(args[1])
          .withNearest(args[1], commands.keySet())
          .exception();
    }
    usage(command, surroundings.out());
    return ExitCode.DONE;
  }

  private static void usage(CommandLine command, PrintStream into) {
    into.print(command.getUsageMessage(Ansi.OFF));
  }

  private int misuse(ParameterException misused, Style style) {
    StringBuilder text = new StringBuilder("ridgeline: ").append(message(misused)).append('\n');
    if (misused instanceof UnmatchedArgumentException unmatched) {
      List<String> near = unmatched.getSuggestions();
      if (!near.isEmpty()) {
        text.append("  Maybe you meant ").append(String.join(" or ", near)).append("?\n");
      }
    }
    CommandLine command = misused.getCommandLine();
    String name = command.getCommandSpec().qualifiedName(" ");
    text.append("  '").append(name).append(" --help' lists the options.\n");
    surroundings.err().print(style.finish(text.toString()));
    return ExitCode.BAD_INPUT;
  }

  private static String message(ParameterException misused) {
    StringBuilder shown = new StringBuilder();
    for (String line : String.valueOf(misused.getMessage()).split("\n", -1)) {
      shown.append(shown.isEmpty() ? "" : "\n  ").append(Problem.excerpt(line));
    }
    return shown.toString();
  }

  private int fault(Throwable fault) {
    PrintStream err = surroundings.err();
    String message = String.valueOf(fault.getMessage());
    err.println(
        "ridgeline: internal fault: "
            + fault.getClass().getSimpleName()
            + ": "
            + Problem.excerpt(message));
    if (surroundings.tracing()) {
      fault.printStackTrace(err);
    } else {
      err.println("  RIDGELINE_TRACE=1 shows where it happened.");
    }
    return ExitCode.FAULT;
  }

  /** The version of this build. */
  static String version() {
    String version = Ridgeline.class.getPackage().getImplementationVersion();
    return version == null ? UNRELEASED : version;
  }
}
