using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Benchmarks;

/// <summary>Rows of one account that are there from the start: what is measured here are the warm paths, which ask no table.</summary>
public sealed class TableInMemory(IEnumerable<Row> rows) : TableClient
{
    private readonly Dictionary<string, Row> rows = rows.ToDictionary(row => row.RowKey, StringComparer.Ordinal);

    public override Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<Response<TableItem>>(null!);

    public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<NullableResponse<T>>(new Found<T>(rows.GetValueOrDefault(rowKey) is T row ? row : default));

    private sealed class Found<T>(T? value) : NullableResponse<T>
    {
        public override bool HasValue => value is not null;

        public override T? Value => value;

        public override Response GetRawResponse() => throw new NotSupportedException();
    }
}
