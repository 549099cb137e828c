package dev.ridgeline.units.expression;

import dev.ridgeline.units.expression.Expression.Binary;
import dev.ridgeline.units.expression.Expression.Call;
import dev.ridgeline.units.expression.Expression.Constant;
import dev.ridgeline.units.expression.Expression.Named;
import dev.ridgeline.units.expression.Expression.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One text to be read, once, as an expression. */
final class ExpressionText {
  private static final int LONGEST = 2000;
  private static final int DEEPEST = 50;

  private final String text;
  private int at;
  private int depth;

  ExpressionText(String text) {
    if (text.length() > LONGEST) {
      throw new ExpressionException("longer than %d characters".formatted(LONGEST));
    }
    this.text = text;
  }

  Expression expression() {
    Expression whole = sum();
    requireEnd();
    return whole;
  }

  Condition condition() {
    Expression left = sum();
    Condition.Relation relation = relation();
    Expression right = sum();
    requireEnd();
    return new Condition(left, relation, right);
  }

  private Condition.Relation relation() {
    if (accept("<=")) {
      return Condition.Relation.AT_MOST;
    }
    if (accept(">=")) {
      return Condition.Relation.AT_LEAST;
    }
    if (accept("<")) {
      return Condition.Relation.LESS;
    }
    if (accept(">")) {
      return Condition.Relation.MORE;
    }
    if (accept("=")) {
      return Condition.Relation.EQUAL;
    }
    throw unexpected("one of < <= = >= >");
  }

  private Expression sum() {
    if (++depth > DEEPEST) {
      throw new ExpressionException("nested deeper than %d levels".formatted(DEEPEST));
    }
    Expression left = product();
    while (true) {
      if (accept("+")) {
        left = new Binary(Operator.PLUS, left, product());
      } else if (accept("-")) {
        left = new Binary(Operator.MINUS, left, product());
      } else {
        depth--;
        return left;
      }
    }
  }

  private Expression product() {
    Expression left = operand();
    while (true) {
      if (accept("*")) {
        left = new Binary(Operator.TIMES, left, operand());
      } else if (accept("/")) {
        left = new Binary(Operator.OVER, left, operand());
      } else {
        return left;
      }
    }
  }

  private Expression operand() {
    if (accept("(")) {
      Expression inner = sum();
      require(")");
      return inner;
    }
    char next = peek();
    if (isDigit(next)) {
      return number();
    }
    if (isLetter(next)) {
      return nameOrCall();
    }
    throw unexpected("a number, a name or a parenthesis");
  }

  private Expression nameOrCall() {
    int start = at;
    while (isLetter(current()) || isDigit(current()) || current() == '.') {
      at++;
    }
    String name = text.substring(start, at);
    if (!accept("(")) {
      return new Named(name);
    }
    Aggregation function =
        Stream.of(Aggregation.values())
            .filter(known -> known.key().equals(name))
            .findFirst()
            .orElseThrow(() -> unknownFunction(name));
    List<Expression> arguments = new ArrayList<>();
    do {
      arguments.add(sum());
    } while (accept(","));
    require(")");
    return new Call(function, arguments);
  }

  private static ExpressionException unknownFunction(String name) {
    return new ExpressionException(
        "no function is called \"%s\", only %s"
            .formatted(
                name,
                Stream.of(Aggregation.values())
                    .map(Aggregation::key)
                    .collect(Collectors.joining(", "))));
  }

  private Expression number() {
    int start = at;
    digits();
    if (current() == '.') {
      at++;
      digits();
    }
    if ((current() == 'e' || current() == 'E') && exponentFollows()) {
      at += 2;
      digits();
    }
    double value = Double.parseDouble(text.substring(start, at));
    char next = peek();
    if (!isLetter(next)) {
      return new Constant(Amount.of(value));
    }
    String symbol = unitSymbol();
    int slash = symbol.lastIndexOf('/');
    if (slash > 0 && slash == symbol.length() - 2 && UnitSymbol.worth(symbol).isEmpty()) {
      // No unit is a single letter of its own after a slash: "20ms/N" divides by a name.
      at -= symbol.length() - slash;
      symbol = symbol.substring(0, slash);
    }
    String known = symbol;
    Amount unit =
        UnitSymbol.worth(known)
            .orElseThrow(() ->
                new ExpressionException(
                    "unknown unit \"%s\"; between a unit and a name stands an operator with spaces"
                        .formatted(known)));
    return new Constant(new Amount(value, Unit.NONE).times(unit));
  }

  private boolean exponentFollows() {
    char sign = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    char digit = at + 2 < text.length() ? text.charAt(at + 2) : ' ';
    return isDigit(sign) || ((sign == '-' || sign == '+') && isDigit(digit));
  }

  /** Letters, and a slash only where letters stand right before and after it. */
  private String unitSymbol() {
    int start = at;
    while (isLetter(current())
        || (current() == '/' && at + 1 < text.length() && isLetter(text.charAt(at + 1)))) {
      at++;
    }
    return text.substring(start, at);
  }

  private void digits() {
    while (isDigit(current())) {
      at++;
    }
  }

  private boolean accept(String symbol) {
    peek();
    if (text.startsWith(symbol, at)) {
      at += symbol.length();
      return true;
    }
    return false;
  }

  private void require(String symbol) {
    if (!accept(symbol)) {
      throw unexpected("\"%s\"".formatted(symbol));
    }
  }

  private void requireEnd() {
    peek();
    if (at < text.length()) {
      throw unexpected("an operator or the end");
    }
  }

  /** The next character that is no space. */
  private char peek() {
    while (current() == ' ' || current() == '\n') {
      at++;
    }
    return current();
  }

  private char current() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private ExpressionException unexpected(String wanted) {
    return new ExpressionException(
        at < text.length()
            ? "expected %s at \"%s\"".formatted(wanted, text.substring(at))
            : "ends where %s is expected".formatted(wanted));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
