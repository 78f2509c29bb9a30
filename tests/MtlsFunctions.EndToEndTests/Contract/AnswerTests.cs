using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>Real answers of every method against the document: every one that it documents is got, and is as documented.</summary>
[Collection(nameof(ContractGateways))]
public sealed class AnswerTests(ContractGateways gateways)
{
    public static async Task<IEnumerable<TheoryDataRow<string>>> Answers() =>
        (await ApiDocument.ServedAsync()).Operations.SelectMany(operation => operation.Answers).Select(answer => new TheoryDataRow<string>(answer));

    public static async Task<IEnumerable<TheoryDataRow<string>>> ProblemNames() =>
        (await ApiDocument.ServedAsync()).Problems.Select(problem => problem.Key).Except(Provocations.Unprovoked.Keys).Select(problem => new TheoryDataRow<string>(problem));

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_method_answers_as_documented(string answer)
    {
        var check = new AnswerCheck(await ApiDocument.ServedAsync());
        var faults = new List<string>();
        foreach (var call in await gateways.Good.ForAsync(answer))
        {
            var got = await call.SendAsync(gateways.Usual, _ => true);
            faults.AddRange([.. await check.RequestFaultsAsync(call), .. await check.FaultsAsync(call.Operation, answer.Split(' ')[1], got)]);
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [MemberData(nameof(ProblemNames))]
    public async Task A_problem_is_answered_by_every_method_that_lists_it(string problem)
    {
        var document = await ApiDocument.ServedAsync();
        await using var nobody = new RefusingListener();
        var (provocations, check) = (new Provocations(gateways, nobody), new AnswerCheck(document));

        var all = await Task.WhenAll(document.Operations
            .Where(operation => operation.Problems.Any(listed => listed.Problem == problem) && !Provocations.Unprovoked.ContainsKey($"{problem} {operation.Id}"))
            .Select(async operation =>
            {
                var call = await provocations.SpoilAsync(await gateways.Good.ToSpoilAsync(operation), problem);
                var answer = await call.SendAsync(gateways.Usual, got => IsProblem(got, problem));
                var (status, _) = operation.Problems.Single(listed => listed.Problem == problem);
                var faults = await check.FaultsAsync(operation, status, answer);
                return faults is [] && !IsProblem(answer, problem) && operation.Method != "HEAD" ? [$"{operation}: {answer.Text}"] : faults;
            }));

        Assert.NotEmpty(all);
        Assert.True(all.All(faults => faults is []), string.Join('\n', all.SelectMany(faults => faults)));
    }

    [Fact]
    public async Task The_document_is_served_as_it_stands_in_the_repository()
    {
        var served = await gateways.Usual.WithToken("demo", null).GetAsync("/openapi.yaml");

        Assert.Equal("application/yaml", served.Header("Content-Type"));
        Assert.Equal((await ApiDocument.ServedAsync()).Text, served.Text);
    }

    private static bool IsProblem(Answer answer, string problem) =>
        answer.Header("Content-Type") == "application/problem+json" && answer.Body.Length > 0 && ((string?)answer.Json["type"])?.Split(':')[^1] == problem;
}
